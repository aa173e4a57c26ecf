import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { GrantLapseStore } from '../../../modules/metering/index.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { countSpent, lapseGrants } from './grant-statements.ts';

/** `workers` finds the tenants with expired grants; what is left of a grant is moved as its tenant, by `tenants`. */
export function createGrantLapseStore(workers: DatabasePool, tenants: DatabasePool): GrantLapseStore {
  return {
    async findDue(tenantsMax) {
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [findDue(tenantsMax)]));
      return rows.map(({ tenant_id }) => idOf('tnt', tenant_id));
    },
    async lapse(entry) {
      const tenantIds = [uuidOf(entry.tenantId)];
      const statements = [lockWallets(tenantIds), countSpent(entry.tenantId), lapseGrants(entry)] as const;
      const [, , lapsed] = await untilKnown(() => inTransaction(tenants, { tenantIds }, statements));
      return lapsed.rows[0]?.amount ?? 0n;
    },
  };
}

function findDue(tenantsMax: number): Statement<{ tenant_id: string }> {
  return {
    name: 'find-expired-grants',
    text: `
      select tenant_id from colloquy.credit_grants where lapsed_at is null and expires_at <= colloquy.now_utc()
      group by tenant_id order by min(expires_at) limit $1`,
    values: [tenantsMax],
  };
}
