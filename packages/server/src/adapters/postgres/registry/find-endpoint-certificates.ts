import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { certificatesOf } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

const text = `${certificatesOf('colloquy.agents')}
  where a.tenant_id = $1 and a.deregistered_at is null and a.name = $2 order by e.instance_ids[1]`;

/** The endpoints of one agent, that of its oldest instance first, with what each has shown. */
export function findEndpointCertificates(tenantId: TenantId, agentName: string): Statement<CertificateRow> {
  return { name: 'find-endpoint-certificates', text, values: [uuidOf(tenantId), agentName] };
}
