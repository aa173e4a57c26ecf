import stringWidth from 'fast-string-width';

const gap = '  ';

/** Rows in columns as wide as their widest cell; the last column runs free. Nothing for no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = [head, ...rows].map((row) => row.map(plain));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** Names with their values, one a line, the values aligned. */
export function facts(pairs: readonly (readonly [string, string])[]): string {
  const widest = Math.max(...pairs.map(([name]) => columnsOf(name)));
  return pairs.map(([name, value]) => `${padded(name, widest)}${gap}${plain(value)}`.trimEnd()).join('\n');
}

/** Columns that a terminal needs for a text: two for a wide character, none for a combining one or a colour. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** What others wrote may hold control characters; a terminal must not obey them. Line breaks stay inside their cell. */
function plain(cell: string): string {
  return printable(cell).replaceAll(/\s*\n\s*/g, ' ');
}

/** Text of others made safe for a terminal: control characters other than line breaks and tabs become visible. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u00b7');
}

function padded(cell: string, columns: number): string {
  return cell + ' '.repeat(Math.max(0, columns - columnsOf(cell)));
}
