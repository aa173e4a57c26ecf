import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DueLook, EndpointLookStore } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenants } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { certificateOf } from './certificate-columns.ts';
import { claimEndpointLooks } from './claim-endpoint-looks.ts';
import { countEndpointCertificates } from './count-endpoint-certificates.ts';
import { findEndpointsByAgent } from './find-endpoints-by-agent.ts';
import { forgetEndpoints } from './forget-endpoints.ts';
import { settleEndpointLooks } from './settle-endpoint-looks.ts';

/** `workers` sees which looks are due in every tenant; what comes of one is written as that tenant, by `tenants`. */
export function createEndpointLookStore(workers: DatabasePool, tenants: DatabasePool): EndpointLookStore {
  return {
    async claim(looksMax) {
      const statement = claimEndpointLooks(looksMax, limits.endpointLookClaimMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows.map(({ tenant_id, agent_id, failures }) => ({
        tenantId: idOf('tnt', tenant_id),
        agentId: idOf('agt', agent_id),
        failures,
      }));
    },
    async find(looks) {
      const reads = looks.map(({ tenantId, agentId }) => ({
        tenantId: uuidOf(tenantId),
        statement: findEndpointsByAgent(tenantId, agentId),
      }));
      const results = await whenAvailable(readInTenants(tenants, reads));
      return results.map(({ rows }) => rows.map(certificateOf));
    },
    async settle(settled) {
      const tenantIds = tenantsOf(settled.map(({ look }) => look));
      await whenAvailable(inTransaction(tenants, { tenantIds }, [settleEndpointLooks(settled)]));
    },
    async forget(looks) {
      await whenAvailable(inTransaction(tenants, { tenantIds: tenantsOf(looks) }, [forgetEndpoints(looks)]));
    },
    async count() {
      const statement = countEndpointCertificates(limits.certificateWarningMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows[0] ?? { refused: 0, ended: 0, ending: 0, fine: 0 };
    },
  };
}

function tenantsOf(looks: readonly DueLook[]): readonly string[] {
  return [...new Set(looks.map(({ tenantId }) => uuidOf(tenantId)))];
}
