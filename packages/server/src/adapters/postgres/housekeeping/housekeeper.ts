import { limits } from '../../../kernel/limits.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { forgetDeadNodes } from './forget-dead-nodes.ts';
import { forgetExpiredRecords } from './forget-expired-records.ts';
import { forgetFullBuckets } from './forget-full-buckets.ts';
import { forgetLeftInstances } from './forget-left-instances.ts';
import { forgetOldDeliveries } from './forget-old-deliveries.ts';
import { forgetOldKeys } from './forget-old-keys.ts';
import { forgetOldQuotas } from './forget-old-quotas.ts';
import { forgetOldRevocations } from './forget-old-revocations.ts';
import { forgetOldSlaCounts } from './forget-old-sla-counts.ts';
import { forgetOldSignInFailures } from './forget-old-sign-in-failures.ts';
import { forgetRetiredKeys } from './forget-retired-keys.ts';
import { forgetSpentProofs } from './forget-spent-proofs.ts';

/** Removes what has served its time. */
export interface Housekeeper {
  /** Forgets old idempotency keys, expired records, revocations, failed sign-ins, spent proofs, old deliveries, retired signing keys, old counts of sends and of ended tasks, full buckets, instances that left and nodes long dead, slice by slice; resolves with how many rows went. */
  sweep(): Promise<number>;
}

/** Keeps house in PostgreSQL, over a pool of the worker's role. */
export function createHousekeeper(pool: DatabasePool): Housekeeper {
  const { housekeepingRowsMax: rowsMax, housekeepingSlicesMax: slicesMax, idempotencyKeyMs } = limits;
  const forget = async (statement: Statement): Promise<number> => {
    let forgotten = 0;
    for (let slice = 0; slice < slicesMax; slice += 1) {
      const [{ rowCount }] = await inTransaction(pool, { tenantIds: [] }, [statement]);
      forgotten += rowCount;
      if (rowCount < rowsMax) break;
    }
    return forgotten;
  };
  return {
    async sweep() {
      const keys = await forget(forgetOldKeys(idempotencyKeyMs, rowsMax));
      const records =
        (await forget(forgetExpiredRecords(rowsMax))) +
        (await forget(forgetOldRevocations(rowsMax))) +
        (await forget(forgetOldSignInFailures(limits.signInFailuresKeptMs, rowsMax)));
      const proofs = await forget(forgetSpentProofs(rowsMax));
      const deliveries = await forget(forgetOldDeliveries(limits.deliveryKeptMs, rowsMax));
      const retired = await forget(forgetRetiredKeys(limits.retiredKeyKeptMs));
      const quotas = await forget(forgetOldQuotas(limits.quotaCountKeptMs, rowsMax));
      const counts = await forget(forgetOldSlaCounts(limits.slaKeptMs, rowsMax));
      const buckets = await forget(forgetFullBuckets(rowsMax));
      const instances = await forget(forgetLeftInstances(limits.instanceLeftKeptMs, rowsMax));
      return (
        keys +
        instances +
        records +
        proofs +
        deliveries +
        retired +
        quotas +
        counts +
        buckets +
        (await forget(forgetDeadNodes(limits.deadNodeKeptMs)))
      );
    },
  };
}
