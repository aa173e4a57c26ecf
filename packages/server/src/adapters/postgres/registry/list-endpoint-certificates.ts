import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { certificateColumns } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

const text = `${certificateColumns}
  where a.tenant_id = $1 and a.deregistered_at is null and ($2::text is null or a.name > $2) order by a.name limit $3`;

/** The tenant's agents by name, with what their endpoints have shown. */
export function listEndpointCertificates(tenantId: TenantId, page: PageRequest): Statement<CertificateRow> {
  return { name: 'list-endpoint-certificates', text, values: [uuidOf(tenantId), page.after, page.limit] };
}
