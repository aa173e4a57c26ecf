import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { EndpointLookStore } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { certificateOf } from './certificate-columns.ts';
import { claimEndpointLooks } from './claim-endpoint-looks.ts';
import { countEndpointCertificates } from './count-endpoint-certificates.ts';
import { findEndpointById } from './find-endpoint-by-id.ts';
import { forgetEndpoint } from './forget-endpoint.ts';
import { settleEndpointLook } from './settle-endpoint-look.ts';

/** `workers` sees which looks are due in every tenant; what comes of one is written as that tenant, by `tenants`. */
export function createEndpointLookStore(workers: DatabasePool, tenants: DatabasePool): EndpointLookStore {
  const only = (tenantId: TenantId) => ({ tenantIds: [uuidOf(tenantId)] });
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
    async find({ tenantId, agentId }) {
      const statement = findEndpointById(tenantId, agentId);
      const [row] = (await whenAvailable(readInTenant(tenants, uuidOf(tenantId), statement))).rows;
      return row === undefined ? null : certificateOf(row);
    },
    async settle(look, next) {
      await whenAvailable(inTransaction(tenants, only(look.tenantId), [settleEndpointLook(look, next)]));
    },
    async forget({ tenantId, agentId }) {
      await whenAvailable(inTransaction(tenants, only(tenantId), [forgetEndpoint(tenantId, agentId)]));
    },
    async count() {
      const statement = countEndpointCertificates(limits.certificateWarningMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows[0] ?? { refused: 0, ended: 0, ending: 0, fine: 0 };
    },
  };
}
