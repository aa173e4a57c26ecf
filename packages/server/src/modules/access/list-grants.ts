import { agentsReached } from '../../kernel/access-rights.ts';
import { isOperator } from '../../kernel/caller.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { GrantId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { mayAssignAt } from './assign-role.ts';
import type { Grant } from './grant.ts';
import type { GrantStore, GrantsWanted } from './grant-store.ts';

export interface ListGrantsInput extends PageRequest {
  /** Only those of this principal; null: of all. */
  readonly principalId: string | null;
}

/**
 * The grants of the caller's tenant at places where the caller may grant and remove roles, oldest first. Other grants are invisible, to the cursor
 * as well. Throws `request.invalid` for an invalid cursor.
 */
export function listGrants(ports: { readonly grants: Pick<GrantStore, 'list'> }) {
  return async (caller: Caller, { after, limit, principalId }: ListGrantsInput): Promise<Page<Grant>> => {
    const agentNames = isOperator(caller) ? null : agentsReached(caller.access, 'grants:write');
    const wanted: Omit<GrantsWanted, 'after'> = { principalId, agentNames, limit: limit + 1 };
    const shown: Grant[] = [];
    let from = cursorOf(after);
    for (;;) {
      const rows = await ports.grants.list(caller.tenant.id, { ...wanted, after: from });
      // At an agent, the caller may hold rights for single skills.
      shown.push(...rows.filter((grant) => mayAssignAt(caller, placeOf(grant))));
      if (rows.length <= limit || shown.length > limit) return pageOf(shown, limit, ({ grantId }) => grantId);
      from = rows.at(-1)?.grantId ?? null;
    }
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
