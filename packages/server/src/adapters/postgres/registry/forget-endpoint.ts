import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Forgets what the endpoint of an agent has shown that is gone, and that it was to be looked at. */
export function forgetEndpoint(tenantId: TenantId, agentId: AgentId): Statement {
  return {
    name: 'forget-endpoint',
    text: `
      with shown as (delete from colloquy.endpoint_certificates where tenant_id = $1 and agent_id = $2)
      delete from colloquy.endpoint_looks where tenant_id = $1 and agent_id = $2`,
    values: [uuidOf(tenantId), uuidOf(agentId)],
  };
}
