import type { Statement } from '../statement.ts';

/** Forgets nodes that have been dead for `deadForMs` and hold no task. */
export function forgetDeadNodes(deadForMs: number): Statement {
  return {
    name: 'forget-dead-nodes',
    text: `
      delete from colloquy.nodes n
      where n.dead_at < colloquy.now_utc() - $1 * interval '1 millisecond'
        and not exists (select from colloquy.tasks t where t.node_id = n.node_id)`,
    values: [deadForMs],
  };
}
