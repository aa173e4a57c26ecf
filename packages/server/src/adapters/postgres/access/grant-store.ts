import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { GrantStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { createGrant } from './create-grant.ts';
import { findGrant } from './find-grant.ts';
import { grantOf } from './grant-columns.ts';
import { listGrants } from './list-grants.ts';
import { removeGrant } from './remove-grant.ts';

/** Grants in PostgreSQL, over a pool of the application's role. */
export function createGrantStore(pool: DatabasePool): GrantStore {
  const rowsOf = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async create(grant, entry) {
      const [row] = await rowsOf(grant.tenantId, createGrant(grant, limits.grantsPerPrincipalMax, entry));
      return row === undefined ? null : grantOf({ ...row, ...columnsOf(grant) });
    },
    async find(tenantId, grantId) {
      const [row] = await rowsOf(tenantId, findGrant(tenantId, grantId));
      return row === undefined ? null : grantOf(row);
    },
    async list(tenantId, wanted) {
      return (await rowsOf(tenantId, listGrants(tenantId, wanted))).map(grantOf);
    },
    async remove(tenantId, grantId, entry) {
      return (await rowsOf(tenantId, removeGrant(tenantId, grantId, entry))).length === 1;
    },
  };
}

function columnsOf({ principalId, role, agentName, skillId }: Parameters<GrantStore['create']>[0]) {
  return { principal_id: principalId, role, agent_name: agentName, skill_id: skillId };
}
