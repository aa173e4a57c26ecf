import { columnTypes } from './column-types.ts';

/** One column, as the server describes it. */
export interface ColumnDescription {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Reads the rows of a statement. It is valid for as long as the server keeps the statement, because the server refuses to run a statement whose columns changed. */
export class RowShape {
  readonly #names: readonly string[];
  readonly #parsers: readonly ((text: string) => unknown)[];
  readonly #empty: object;

  constructor(columns: readonly ColumnDescription[]) {
    this.#names = columns.map(({ name }) => name);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pg's types leave the parser open
    this.#parsers = columns.map(({ dataTypeID }) => columnTypes.getTypeParser(dataTypeID, 'text') as () => unknown);
    // Built name by name, an object of many columns becomes a hash table, and so does each copy; one that was parsed whole does not.
    const text = JSON.stringify(Object.fromEntries(this.#names.map((name) => [name, null])));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object goes in
    this.#empty = JSON.parse(text) as object;
  }

  /** A row of the values that came, in the order of the columns. */
  read(values: readonly (string | null)[]): object {
    const row: Record<string, unknown> = { ...this.#empty };
    for (let at = 0; at < values.length; at += 1) {
      const name = this.#names[at];
      const parse = this.#parsers[at];
      const value = values[at];
      if (name === undefined || parse === undefined) throw new Error('A row has more values than columns.');
      // Also null: of columns with the same name the last one counts, as the driver has it.
      row[name] = value === null || value === undefined ? null : parse(value);
    }
    return row;
  }
}
