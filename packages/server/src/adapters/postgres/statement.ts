declare const rowShape: unique symbol;

/** One SQL statement with its values. `name` makes the server keep its plan, so one name must always have the same text. */
export interface Statement<Row = unknown> {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** For a statement that wants the same plan whatever its values are, and takes longer to plan than to run. Heard by `readInTenant`, and of several where all are so. */
  readonly isPlannedOnce?: true;
  /** Only for the compiler: the shape of the rows that `text` returns. */
  readonly [rowShape]?: Row;
}

export interface StatementResult<Row> {
  readonly rows: readonly Row[];
  /** Rows returned, inserted, updated or deleted; 0 where the command has no count. */
  readonly rowCount: number;
}

/** The results of a list of statements, in the same order. */
export type StatementResults<Statements extends readonly Statement[]> = {
  [Index in keyof Statements]: Statements[Index] extends Statement<infer Row> ? StatementResult<Row> : never;
};
