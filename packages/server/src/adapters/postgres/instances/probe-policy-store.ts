import { uuidOf } from '../../../kernel/ids.ts';
import type { ProbePolicyStore } from '../../../modules/instances/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findProbePolicy } from './find-probe-policy.ts';
import { policyOf } from './health-store.ts';
import { setProbePolicy } from './set-probe-policy.ts';

/** Probe policies in PostgreSQL, over a pool of the application's role. */
export function createProbePolicyStore(pool: DatabasePool): ProbePolicyStore {
  return {
    async find(tenantId, agentName) {
      const statement = findProbePolicy(tenantId, agentName);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      return row === undefined ? null : { policy: policyOf(row) };
    },
    async set(tenantId, agentName, policy, entry) {
      const statement = setProbePolicy(tenantId, agentName, policy, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return rows.length === 1;
    },
  };
}
