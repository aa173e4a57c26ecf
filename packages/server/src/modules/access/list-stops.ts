import { holdsAt } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Stop, StopTarget } from './stop.ts';
import type { StopStore } from './stop-store.ts';

const cursorShape = /^(agent|principal|tenant):([\x21-\x7e]{0,200})$/;

/**
 * What is stopped in the caller's tenant, as far as the caller may stop and resume; a page may so hold fewer than were asked for. Throws
 * `request.invalid` for a cursor that is none.
 */
export function listStops(ports: { readonly stops: Pick<StopStore, 'list'> }) {
  return async (caller: Caller, { after, limit }: PageRequest): Promise<Page<Stop>> => {
    const rows = await ports.stops.list(caller.tenant.id, { after: targetOf(after), limit: limit + 1 });
    const { items, next } = pageOf(rows, limit, ({ kind, name }) => `${kind}:${name}`);
    return { items: items.filter((stop) => isShown(caller, stop)), next };
  };
}

function isShown({ access }: Caller, { kind, name }: StopTarget): boolean {
  return holdsAt(access, 'stops:write', kind === 'agent' ? { agentName: name } : {});
}

function targetOf(after: string | null): StopTarget | null {
  if (after === null) return null;
  const [, kind, name] = cursorShape.exec(after) ?? [];
  if ((kind === 'agent' || kind === 'principal' || kind === 'tenant') && name !== undefined) return { kind, name };
  const violations = [{ field: 'after', description: 'must be the next of the page before' }];
  throw new PlatformError('request.invalid', { violations });
}
