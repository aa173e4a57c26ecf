import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { certificateColumns } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

const text = `${certificateColumns}
  where a.tenant_id = $1 and a.deregistered_at is null and a.name = $2`;

/** One agent, with what its endpoint has shown. */
export function findEndpointCertificate(tenantId: TenantId, agentName: string): Statement<CertificateRow> {
  return { name: 'find-endpoint-certificate', text, values: [uuidOf(tenantId), agentName] };
}
