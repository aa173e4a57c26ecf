interface Waiting {
  readonly row: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes the columns of many rows in one transaction: the first argument holds the first value of each row, and so on. */
type WriteColumns = (columns: readonly (readonly string[])[]) => Promise<unknown>;

/** Rows share transactions: while one is in flight the next forms, of at most `rowsMax`. */
export class GroupCommit {
  readonly #write: WriteColumns;
  readonly #rowsMax: number;
  #queue: Waiting[] = [];
  #isBusy = false;

  constructor(write: WriteColumns, rowsMax: number) {
    this.#write = write;
    this.#rowsMax = rowsMax;
  }

  /** Resolves when the row is committed. */
  add(...row: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ row, resolve, reject });
      if (!this.#isBusy) {
        this.#isBusy = true;
        // Whatever arrives in this turn of the event loop goes along.
        setImmediate(() => void this.#next());
      }
    });
  }

  async #next(): Promise<void> {
    const rows = this.#queue.splice(0, this.#rowsMax);
    this.#isBusy = rows.length > 0;
    const [first] = rows;
    if (first === undefined) return;
    const written = this.#write(first.row.map((_, column) => rows.map(({ row }) => row[column] ?? '')));
    try {
      await written;
      // The next one leaves before these are told.
      void this.#next();
      for (const { resolve } of rows) resolve();
    } catch (error) {
      void this.#next();
      for (const { reject } of rows) reject(error);
    }
  }
}
