import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { factsOf, mayAssignAt } from './assign-role.ts';
import type { GrantStore } from './grant-store.ts';
import { placeOf } from './list-grants.ts';

export interface RemoveGrantPorts {
  readonly grants: Pick<GrantStore, 'find' | 'remove'>;
  readonly ids: IdSource;
}

/**
 * Removes a grant, within `limits.tokenCacheMs` in every process. A principal that lost its last role has no rights. Throws
 * `access.grant-unknown`, also for a grant at a place where the caller may grant no roles.
 */
export function removeGrant(ports: RemoveGrantPorts) {
  return async (caller: Caller, grantId: string): Promise<void> => {
    const grant = isId('grt', grantId) ? await ports.grants.find(caller.tenant.id, grantId) : null;
    if (grant === null || !mayAssignAt(caller, placeOf(grant))) throw new PlatformError('access.grant-unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'grant.removed',
      outcome: 'succeeded',
      resource: `grants/${grant.grantId}`,
      facts: factsOf(grant),
    });
    const isRemoved = await ports.grants.remove(caller.tenant.id, grant.grantId, entry);
    if (!isRemoved) throw new PlatformError('access.grant-unknown');
  };
}
