/** Lines of a table with aligned columns; the first row is the heading. Numbers stand to the right. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => aligned(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function aligned(cell: string, width: number): string {
  return /^[\d.,–-]+$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
}
