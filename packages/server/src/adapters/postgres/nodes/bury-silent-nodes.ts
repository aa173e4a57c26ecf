import type { Statement } from '../statement.ts';

/** Declares nodes dead whose last heartbeat is older than `deadAfterMs`, by the database's clock. */
export function burySilentNodes(deadAfterMs: number): Statement {
  return {
    name: 'bury-silent-nodes',
    text: `
      update colloquy.nodes set dead_at = colloquy.now_utc()
      where dead_at is null and heartbeat_at < colloquy.now_utc() - $1 * interval '1 millisecond'`,
    values: [deadAfterMs],
  };
}
