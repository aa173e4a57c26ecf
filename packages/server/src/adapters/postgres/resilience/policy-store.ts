import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { PolicyStore } from '../../../modules/resilience/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { listPolicies } from './list-policies.ts';
import { policyOf } from './policy-columns.ts';
import { setPolicy } from './set-policy.ts';
import { unsetPolicy } from './unset-policy.ts';

/** Policies in PostgreSQL, over a pool of the application's role. */
export function createPolicyStore(pool: DatabasePool): PolicyStore {
  const change = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async list(tenantId, { after, limit }) {
      const gap = after?.indexOf(' ') ?? -1;
      const place = { agentName: after?.slice(0, gap) ?? '', skillId: after?.slice(gap + 1) ?? '' };
      const statement = listPolicies(tenantId, place, limit + 1);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return pageOf(rows.map(policyOf), limit, ({ subject }) => `${subject.agentName} ${subject.skillId ?? ''}`);
    },
    async set(tenantId, subject, settings, entry) {
      const [row] = await change(tenantId, setPolicy(tenantId, { ...subject, settings }, entry));
      return row?.outcome ?? 'agent-unknown';
    },
    async unset(tenantId, subject, entry) {
      return (await change(tenantId, unsetPolicy(tenantId, subject, entry))).length === 1;
    },
  };
}
