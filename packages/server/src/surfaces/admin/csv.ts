/** A number, or a text that may have been written by anybody. */
export type CsvCell = string | number | bigint;

/** A table that is answered as comma-separated values instead of JSON. */
export class AnsweredCsv {
  /** Of the file that a browser saves. */
  readonly fileName: string;
  /** Rows of equal length, the first one with the names of the columns. */
  readonly rows: readonly (readonly CsvCell[])[];

  constructor(fileName: string, rows: readonly (readonly CsvCell[])[]) {
    this.fileName = fileName;
    this.rows = rows;
  }
}

/** RFC 4180, with the line of names. */
export const csvType = 'text/csv; charset=utf-8; header=present';

export function csvText({ rows }: AnsweredCsv): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/**
 * A spreadsheet takes a text for a formula when it begins like one, also in full width, and may run it. An apostrophe before it makes the
 * spreadsheet show the text. A tab, a carriage return or a line feed at the beginning hides what comes next.
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/u;

function cellText(cell: CsvCell): string {
  if (typeof cell !== 'string') return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a client prefers CSV to JSON, by its Accept field (RFC 9110 section 12.5.1). */
export function prefersCsv(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const weights = new Map(
    accept.split(',').map((part) => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, weight === undefined ? 1 : Number(weight.slice('q='.length))] as const;
    }),
  );
  return (weights.get('text/csv') ?? 0) > (weights.get('application/json') ?? 0);
}
