import type { Statement } from '../statement.ts';

/** Forgets instances that left longer ago than `olderThanMs`, at most `limit` of them, of whatever tenant, with all that is known of them. */
export function forgetLeftInstances(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-left-instances',
    text: `
      delete from colloquy.agent_instances where ctid = any (array(
        select ctid from colloquy.agent_instances
        where left_at < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}
