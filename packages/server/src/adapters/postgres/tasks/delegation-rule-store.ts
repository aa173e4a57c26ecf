import { uuidOf } from '../../../kernel/ids.ts';
import type { DelegationRuleStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { findDelegationRule } from './find-delegation-rule.ts';
import { setDelegationRule } from './set-delegation-rule.ts';

/** What tenants say of their chains of tasks, in PostgreSQL, over a pool of the application's role. */
export function createDelegationRuleStore(pool: DatabasePool): DelegationRuleStore {
  return {
    async findDepthMax(tenantId) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), findDelegationRule(tenantId)));
      return rows[0]?.depth_max ?? null;
    },
    async setDepthMax(depthMax, entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      await untilKnown(() => inTransaction(pool, options, [setDelegationRule(depthMax, entry)]));
    },
  };
}
