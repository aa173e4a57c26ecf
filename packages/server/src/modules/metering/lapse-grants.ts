import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { GrantLapseStore } from './credit-ledger-store.ts';

interface LapsePorts {
  readonly lapses: GrantLapseStore;
  readonly ids: IdSource;
  /** Hears what was moved out of a wallet. */
  readonly count: (microcredits: bigint) => void;
}

/**
 * Moves what is left of expired grants out of the wallets of some tenants; true when there may be more. A wallet that is locked for too long
 * does not keep the others waiting: its failure is thrown after them.
 */
export function lapseDueGrants({ lapses, ids, count }: LapsePorts) {
  return async (): Promise<boolean> => {
    const due = await lapses.findDue(limits.creditLapseTenantsMax);
    const failures: unknown[] = [];
    for (const tenantId of due) {
      const lapsing = lapses.lapse({
        tenantId,
        entryId: ids.next('ent'),
        actorId: 'platform',
        action: 'credits.lapsed',
        outcome: 'succeeded',
        resource: 'credits',
        requestId: ids.next('req'),
        facts: {},
      });
      await lapsing.then(count, (failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) throw failures[0];
    return due.length === limits.creditLapseTenantsMax;
  };
}
