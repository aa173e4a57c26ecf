import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { certificatesOf } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

const text = `${certificatesOf('colloquy.agents')}
  where a.tenant_id = $1 and a.deregistered_at is null and a.agent_id = $2 order by e.instance_ids[1]`;

/** The endpoints of an agent by its id, with what each has shown; no row once it is deregistered. */
export function findEndpointsByAgent(tenantId: TenantId, agentId: AgentId): Statement<CertificateRow> {
  const values = [uuidOf(tenantId), uuidOf(agentId)];
  return { name: 'find-endpoints-by-agent', text, values, isPlannedOnce: true };
}
