import { workOnDueTenants } from '../../kernel/due-tenants.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { GrantLapseStore } from './credit-ledger-store.ts';

interface LapsePorts {
  readonly lapses: GrantLapseStore;
  readonly ids: IdSource;
  /** Hears what was moved out of a wallet. */
  readonly count: (microcredits: bigint) => void;
}

/** Moves what is left of expired grants out of the wallets of some tenants; true when there may be more. One whose wallet is locked for too long fails. */
export function lapseDueGrants({ lapses, ids, count }: LapsePorts) {
  const lapse = async (tenantId: TenantId): Promise<void> =>
    count(
      await lapses.lapse({
        tenantId,
        entryId: ids.next('ent'),
        actorId: 'platform',
        action: 'credits.lapsed',
        outcome: 'succeeded',
        resource: 'credits',
        requestId: ids.next('req'),
        facts: {},
      }),
    );
  return workOnDueTenants({
    findDue: (tenantsMax) => lapses.findDue(tenantsMax),
    tenantsMax: limits.creditLapseTenantsMax,
    work: lapse,
  });
}
