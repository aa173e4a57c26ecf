import { Query } from 'pg';
import type { Client, Connection } from 'pg';
import { encodeValue, wireConnection } from './driver-internals.ts';
import type { WireConnection, WireValue } from './driver-internals.ts';
import { RowShape } from './row-shape.ts';
import type { ColumnDescription } from './row-shape.ts';
import type { Statement, StatementResult } from './statement.ts';

interface Part {
  readonly name: string;
  readonly text: string;
  readonly values: readonly WireValue[];
  readonly rows: object[];
  rowCount: number;
  /** Undefined until the server has described it. */
  shape: RowShape | undefined;
}

const noColumns = new RowShape([]);
/** How the rows of the statements are read that the server keeps for a connection: it does not describe them again. */
const knownShapes = new WeakMap<WireConnection, Map<string, RowShape>>();

/** Statement names whose Parse was sent and not confirmed: the server may or may not keep them. */
const uncertainNames = new WeakMap<WireConnection, Set<string>>();

/**
 * Several statements as ONE group of the extended query protocol: Parse, Bind, Execute for each, then a single Sync.
 * PostgreSQL runs such a group as one transaction: it commits at the Sync, and the first error skips everything up to
 * the Sync and rolls back. So no BEGIN can be missing, and no error can hide behind a COMMIT that answers.
 *
 * It extends pg's Query because a pipelining client refuses every other kind of query.
 */
export class TransactionQuery extends Query {
  /** Statements that the server has finished; they are committed only when `run` resolves. */
  completedCount = 0;
  /** True once the server may have seen the Sync. */
  isSent = false;
  /** pg wraps this, to end a query whose answer does not come. */
  callback: (error: unknown) => void = () => undefined;

  #parts: readonly Part[];
  /** Null before it runs, and once the server has answered. */
  #settling: PromiseWithResolvers<readonly StatementResult<unknown>[]> | null = null;
  #unreadableRow: unknown;

  /** Encodes every value: one that cannot be sent throws here, before anything is. */
  constructor(statements: readonly Statement[]) {
    super({ text: '' });
    this.#parts = statements.map(({ name, text, values }) => ({
      name,
      text,
      values: values.map(encodeValue),
      rows: [],
      rowCount: 0,
      shape: undefined,
    }));
  }

  get isEveryStatementComplete(): boolean {
    return this.completedCount === this.#parts.length;
  }

  /** Resolves when the server has committed; rejects with what pg reports. */
  run(client: Client): Promise<readonly StatementResult<unknown>[]> {
    const settling = Promise.withResolvers<readonly StatementResult<unknown>[]>();
    this.#settling = settling;
    // V8 makes a function that is written in an assignment to a property in its old generation, where it keeps what it reaches until all is collected.
    const callback = (error: unknown): void => this.#settle(error);
    this.callback = callback;
    client.query(this);
    return settling.promise;
  }

  override readonly submit = (pgConnection: Connection): Error | null => {
    const connection = wireConnection(pgConnection);
    const conflict = nameConflict(connection, this.#parts);
    if (conflict !== undefined) return new TypeError(`Two different statements have the name '${conflict}'.`);
    this.isSent = true;
    connection.stream.cork();
    try {
      const unparsed = new Set(partsToParse(connection, this.#parts));
      for (const part of this.#parts) {
        part.shape = knownShapes.get(connection)?.get(part.name);
        send(connection, part, unparsed.has(part));
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    return null;
  };

  handleRowDescription({ fields }: { readonly fields: readonly ColumnDescription[] }): void {
    const part = this.#parts[this.completedCount];
    if (part !== undefined) part.shape = new RowShape(fields);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const part = this.#parts[this.completedCount];
    try {
      if (part?.shape !== undefined) part.rows.push(part.shape.read(fields));
    } catch (error) {
      this.#unreadableRow ??= error;
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const part = this.#parts[this.completedCount];
    // `SELECT 3`, `INSERT 0 3`; some commands have no count.
    if (part !== undefined) part.rowCount = Number(/ (\d+)$/.exec(text)?.[1] ?? 0);
    this.completedCount += 1;
  }

  handleEmptyQuery(): void {
    this.completedCount += 1;
  }

  handleReadyForQuery(connection: WireConnection): void {
    for (const part of this.#parts) keep(connection, part);
    this.callback(this.#unreadableRow ?? null);
  }

  handleError(error: unknown, connection: WireConnection): void {
    for (const { name } of partsToParse(connection, this.#parts)) uncertainNamesOf(connection).add(name);
    this.callback(error);
  }

  /** pg's own function around the callback stays in the old generation with what it reaches, this query: no row is to be reached from here. */
  #settle(error: unknown): void {
    const settling = this.#settling;
    this.#settling = null;
    if (error !== null)
      return settling?.reject(error instanceof Error ? error : new Error('The query failed.', { cause: error }));
    const parts = this.#parts;
    this.#parts = [];
    settling?.resolve(parts.map(({ rows, rowCount }) => ({ rows, rowCount })));
  }
}

/** The server surely has the statement now. */
function keep(connection: WireConnection, { name, text, shape = noColumns }: Part): void {
  connection.parsedStatements[name] = text;
  const shapes = knownShapes.get(connection);
  if (shapes === undefined) knownShapes.set(connection, new Map([[name, shape]]));
  else shapes.set(name, shape);
}

function nameConflict(connection: WireConnection, parts: readonly Part[]): string | undefined {
  const texts = new Map<string, string>();
  return parts.find(({ name, text }) => {
    const known = connection.parsedStatements[name] ?? texts.get(name) ?? text;
    texts.set(name, text);
    return known !== text;
  })?.name;
}

/** The first use of each statement that the server does not surely keep. */
function partsToParse(connection: WireConnection, parts: readonly Part[]): readonly Part[] {
  const seen = new Set<string>();
  return parts.filter(({ name }) => {
    if (connection.parsedStatements[name] !== undefined || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function send(connection: WireConnection, { name, text, values, shape }: Part, isUnparsed: boolean): void {
  if (isUnparsed) {
    // Closing a statement that does not exist is no error, parsing one that does is.
    if (uncertainNamesOf(connection).delete(name)) connection.close({ type: 'S', name });
    connection.parse({ name, text });
  }
  connection.bind({ statement: name, values });
  if (shape === undefined) connection.describe({ type: 'P', name: '' });
  connection.execute({ portal: '' });
}

function uncertainNamesOf(connection: WireConnection): Set<string> {
  const known = uncertainNames.get(connection);
  if (known !== undefined) return known;
  const names = new Set<string>();
  uncertainNames.set(connection, names);
  return names;
}
