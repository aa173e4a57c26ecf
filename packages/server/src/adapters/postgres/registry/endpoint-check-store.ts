import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DueCheck, EndpointCheckStore } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenants } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { certificateOf } from './certificate-columns.ts';
import { claimEndpointChecks } from './claim-endpoint-checks.ts';
import { countEndpointCertificates } from './count-endpoint-certificates.ts';
import { findEndpointsByAgent } from './find-endpoints-by-agent.ts';
import { forgetEndpoints } from './forget-endpoints.ts';
import { settleEndpointChecks } from './settle-endpoint-checks.ts';

/** `workers` sees the due checks of every tenant; outcomes are written as the agent's tenant, by `tenants`. */
export function createEndpointCheckStore(workers: DatabasePool, tenants: DatabasePool): EndpointCheckStore {
  return {
    async claim(checksMax) {
      const statement = claimEndpointChecks(checksMax, limits.endpointCheckClaimMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows.map(({ tenant_id, agent_id, failures }) => ({
        tenantId: idOf('tnt', tenant_id),
        agentId: idOf('agt', agent_id),
        failures,
      }));
    },
    async find(checks) {
      const reads = checks.map(({ tenantId, agentId }) => ({
        tenantId: uuidOf(tenantId),
        statement: findEndpointsByAgent(tenantId, agentId),
      }));
      const results = await whenAvailable(readInTenants(tenants, reads));
      return results.map(({ rows }) => rows.map(certificateOf));
    },
    async settle(settled) {
      const tenantIds = tenantsOf(settled.map(({ check }) => check));
      await whenAvailable(inTransaction(tenants, { tenantIds }, [settleEndpointChecks(settled)]));
    },
    async forget(checks) {
      await whenAvailable(inTransaction(tenants, { tenantIds: tenantsOf(checks) }, [forgetEndpoints(checks)]));
    },
    async count() {
      const statement = countEndpointCertificates(limits.certificateWarningMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows[0] ?? { refused: 0, ended: 0, ending: 0, fine: 0 };
    },
  };
}

function tenantsOf(checks: readonly DueCheck[]): readonly string[] {
  return [...new Set(checks.map(({ tenantId }) => uuidOf(tenantId)))];
}
