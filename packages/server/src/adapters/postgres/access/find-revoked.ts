import type { CallerStatus } from '../../../kernel/caller.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** The positions of caller statuses that are revoked or suspended. They may be of several tenants: a process checks all that it holds at once. */
export function findRevoked(statuses: readonly CallerStatus[]): Statement<{ readonly place: number }> {
  const wire = statuses.map(({ tenantId, revocable, parties, roles }) => ({
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
