import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { RoutingPolicy } from '../../../modules/routing/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with agent as (
    select tenant_id, agent_id from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null
  ), chosen as (
    insert into colloquy.agent_routing as r (tenant_id, agent_id, policy, changed_by)
    select tenant_id, agent_id, $3::jsonb, $5 from agent where $3::jsonb is not null
    on conflict (tenant_id, agent_id) do update set policy = excluded.policy, changed_by = excluded.changed_by,
      changed_at = colloquy.now_utc()
  ), taken_back as (
    delete from colloquy.agent_routing r using agent a
    where r.tenant_id = a.tenant_id and r.agent_id = a.agent_id and $3::jsonb is null
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $4, $5, $6, $7, $8, $9, $10 from agent
  )
  select agent_id from agent`;

/** Sets the policy of an agent, or deletes it for null, and writes the audit entry; no row when the tenant has no such agent. */
export function setAgentRouting(
  tenantId: TenantId,
  agentName: string,
  policy: RoutingPolicy | null,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'set-agent-routing',
    text,
    values: [uuidOf(tenantId), agentName, policy === null ? null : JSON.stringify(policy), ...auditEntryValues(entry)],
  };
}
