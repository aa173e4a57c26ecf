import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { RoutingPolicy } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';

/** What was set for an agent, null for nothing; no row when the tenant has no such agent. */
export function findAgentRouting(
  tenantId: TenantId,
  agentName: string,
): Statement<{ readonly policy: RoutingPolicy | null }> {
  return {
    name: 'find-agent-routing',
    text: `
      select r.policy from colloquy.agents a
      left join colloquy.agent_routing r on r.tenant_id = a.tenant_id and r.agent_id = a.agent_id
      where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`,
    values: [uuidOf(tenantId), agentName],
  };
}
