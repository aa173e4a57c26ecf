import type { Standing } from '../../../kernel/caller.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** The places of standings that have fallen, or are stopped, of whichever tenants: a process asks for all that it holds at once. */
export function findFallen(standings: readonly Standing[]): Statement<{ readonly place: number }> {
  const wire = standings.map(({ tenantId, revocable, parties, roles }) => ({
    tenant: uuidOf(tenantId),
    revocable,
    parties,
    ...roles,
  }));
  return {
    name: 'find-fallen',
    text: `
      select place from colloquy.find_fallen($1::jsonb)
      union select place from colloquy.find_stopped($1::jsonb)
      union select place from colloquy.find_narrowed($1::jsonb)`,
    values: [JSON.stringify(wire)],
  };
}
