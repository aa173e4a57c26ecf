import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { certificateColumns } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

const text = `${certificateColumns}
  where a.tenant_id = $1 and a.deregistered_at is null and a.agent_id = $2`;

/** One agent by its id, with what its endpoint has shown; no row once it is deregistered. */
export function findEndpointById(tenantId: TenantId, agentId: AgentId): Statement<CertificateRow> {
  return { name: 'find-endpoint-by-id', text, values: [uuidOf(tenantId), uuidOf(agentId)] };
}
