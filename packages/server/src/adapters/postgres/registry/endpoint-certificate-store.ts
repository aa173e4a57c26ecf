import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { EndpointCertificateStore } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { certificateOf } from './certificate-columns.ts';
import { findEndpointCertificates } from './find-endpoint-certificates.ts';
import { listEndpointCertificates } from './list-endpoint-certificates.ts';
import { pinAgentKeys } from './pin-agent-keys.ts';
import { recordEndpointCertificate } from './record-endpoint-certificate.ts';

/** What endpoints have shown, in PostgreSQL, over a pool of the application's role. */
export function createEndpointCertificateStore(pool: DatabasePool): EndpointCertificateStore {
  const only = (tenantId: TenantId) => ({ tenantIds: [uuidOf(tenantId)] });
  return {
    async list(tenantId, page) {
      const statement = listEndpointCertificates(tenantId, page);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(certificateOf);
    },
    async find(tenantId, agentName) {
      const statement = findEndpointCertificates(tenantId, agentName);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(certificateOf);
    },
    async record(tenantId, instanceIds, seen) {
      const statement = recordEndpointCertificate(tenantId, instanceIds, seen);
      await whenAvailable(inTransaction(pool, only(tenantId), [statement]));
    },
    async pin(tenantId, agentName, keys, entry) {
      const statement = pinAgentKeys(tenantId, agentName, keys, entry);
      const [pinned] = await whenAvailable(inTransaction(pool, only(tenantId), [statement]));
      return pinned.rows.length === 1;
    },
  };
}
