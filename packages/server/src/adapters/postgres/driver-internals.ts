import pg from 'pg';
import type { Connection } from 'pg';

/**
 * Internals of pg that the transaction group uses and pg's published types leave out. The version of pg is pinned, and the
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

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pg exports this at run time and its types do not know it
const { utils } = pg as unknown as { utils: { prepareValue(value: unknown): WireValue } };

/** A value as it travels, by pg's own rules; throws for one that cannot be written. */
export function encodeValue(value: unknown): WireValue {
  return utils.prepareValue(value);
}

export function wireConnection(connection: Connection): WireConnection {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the published class declares other argument lists
  return connection as unknown as WireConnection;
}
