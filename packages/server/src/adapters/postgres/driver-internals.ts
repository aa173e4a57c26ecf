import pg, { Result } from 'pg';
import type { Connection, types } from 'pg';
import { columnTypes } from './column-types.ts';

/**
 * What the transaction group needs of pg and pg's published types leave out. The version of pg is pinned, and the
 * transaction tests exercise each of these against a real server.
 */
export interface WireConnection {
  readonly stream: { cork(): void; uncork(): void };
  /** Statements that the server keeps for this connection: name to text. */
  readonly parsedStatements: Record<string, string>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly WireValue[] }): void;
  describe(message: { type: 'P'; name: '' }): void;
  execute(message: { portal: '' }): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
}

export type WireValue = string | Uint8Array | null;

/** Turns the messages of one statement into rows. */
export interface RowCollector {
  readonly rows: readonly unknown[];
  readonly rowCount: number | null;
  addFields(fields: unknown): void;
  parseRow(fields: unknown): unknown;
  addRow(row: unknown): void;
  addCommandComplete(message: unknown): void;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pg exports this at run time and its types do not know it
const { utils } = pg as unknown as { utils: { prepareValue(value: unknown): WireValue } };

/** A value as it travels, by pg's own rules; throws for one that cannot be written. */
export function encodeValue(value: unknown): WireValue {
  return utils.prepareValue(value);
}

export function createRowCollector(): RowCollector {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the published class lacks the methods that fill it
  return new Result('', columnTypes as typeof types) as unknown as RowCollector;
}

export function wireConnection(connection: Connection): WireConnection {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the published class declares other argument lists
  return connection as unknown as WireConnection;
}
