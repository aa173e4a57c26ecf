import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { AgentRoutingStore, RoutingPolicy } from '../../../modules/routing/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Routing policies in PostgreSQL, over a pool of the application's role. */
export function createAgentRoutingStore(pool: DatabasePool): AgentRoutingStore {
  return {
    async find(tenantId, agentName) {
      const statement = findAgentRouting(tenantId, agentName);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      return row?.policy;
    },
    async set(tenantId, agentName, policy, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const statement = setAgentRouting(tenantId, agentName, policy, entry);
      const [agent] = await whenAvailable(inTransaction(pool, options, [statement]));
      return agent.rows.length === 1;
    },
  };
}

export const agentRoutingPorts = (pool: DatabasePool) => ({ agentRouting: createAgentRoutingStore(pool) });

/** The policy of an agent, null when none is set; no row when the tenant has no such agent. */
function findAgentRouting(tenantId: TenantId, agentName: string): Statement<{ readonly policy: RoutingPolicy | null }> {
  return {
    name: 'find-agent-routing',
    text: `
      select r.policy from colloquy.agents a
      left join colloquy.agent_routing r on r.tenant_id = a.tenant_id and r.agent_id = a.agent_id
      where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`,
    values: [uuidOf(tenantId), agentName],
  };
}

const setAgentRoutingText = `
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
function setAgentRouting(
  tenantId: TenantId,
  agentName: string,
  policy: RoutingPolicy | null,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'set-agent-routing',
    text: setAgentRoutingText,
    values: [uuidOf(tenantId), agentName, policy === null ? null : JSON.stringify(policy), ...auditEntryValues(entry)],
  };
}
