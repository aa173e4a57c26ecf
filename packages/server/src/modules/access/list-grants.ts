import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { GrantId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { mayAssignAt } from './assign-role.ts';
import type { Grant } from './grant.ts';
import type { GrantStore } from './grant-store.ts';

export interface ListGrantsInput extends PageRequest {
  /** Only those of this principal; null: of all. */
  readonly principalId: string | null;
}

/**
 * The grants of the caller's tenant, oldest first, as far as the caller may give and take roles; a page may so hold fewer than were asked
 * for. Throws `request.invalid` for a cursor that is none.
 */
export function listGrants(ports: { readonly grants: Pick<GrantStore, 'list'> }) {
  return async (caller: Caller, { after, limit, principalId }: ListGrantsInput): Promise<Page<Grant>> => {
    const wanted = { after: cursorOf(after), principalId, limit: limit + 1 };
    const rows = await ports.grants.list(caller.tenant.id, wanted);
    const { items, next } = pageOf(rows, limit, ({ grantId }) => grantId);
    return { items: items.filter((grant) => mayAssignAt(caller, placeOf(grant))), next };
  };
}

/** The place of a grant, as rights are asked about it. */
export function placeOf({ agentName, skillId }: Pick<Grant, 'agentName' | 'skillId'>): {
  readonly agentName?: string;
  readonly skillId: string | null;
} {
  return { ...(agentName === null ? {} : { agentName }), skillId };
}

function cursorOf(after: string | null): GrantId | null {
  if (after === null || isId('grt', after)) return after;
  const violations = [{ field: 'after', description: 'must be the next of the page before' }];
  throw new PlatformError('request.invalid', { violations });
}
