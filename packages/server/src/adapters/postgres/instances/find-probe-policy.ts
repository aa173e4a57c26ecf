import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import type { PolicyColumns } from './health-store.ts';

/** An agent of the tenant with its policy, if it has one. */
export function findProbePolicy(tenantId: TenantId, agentName: string): Statement<PolicyColumns> {
  return {
    name: 'find-probe-policy',
    text: `
      select p.kind, p.path, p.interval_ms, p.timeout_ms, p.unhealthy_after, p.healthy_after
      from colloquy.agents a
      left join colloquy.probe_policies p on p.tenant_id = a.tenant_id and p.agent_id = a.agent_id
      where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`,
    values: [uuidOf(tenantId), agentName],
  };
}
