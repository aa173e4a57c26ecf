import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { ProbePolicy, ProbePolicyStore } from '../../../modules/instances/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { policyOf } from './health-store.ts';
import type { PolicyColumns } from './health-store.ts';

/** Probe policies in PostgreSQL, over a pool of the application's role. */
export function createProbePolicyStore(pool: DatabasePool): ProbePolicyStore {
  return {
    async find(tenantId, agentName) {
      const statement = findProbePolicy(tenantId, agentName);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      return row === undefined ? null : { policy: policyOf(row) };
    },
    async set(tenantId, agentName, policy, entry) {
      const statement = setProbePolicy(tenantId, agentName, policy, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return rows.length === 1;
    },
  };
}

export const probePolicyPorts = (pool: DatabasePool) => ({ probePolicies: createProbePolicyStore(pool) });

/** An agent of the tenant with its policy, if it has one. */
function findProbePolicy(tenantId: TenantId, agentName: string): Statement<PolicyColumns> {
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

const setProbePolicyText = `
with home as (
  select tenant_id, agent_id from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null
), gone as (
  delete from colloquy.probe_policies p using home h
  where $3::text is null and p.tenant_id = h.tenant_id and p.agent_id = h.agent_id
), kept as (
  insert into colloquy.probe_policies as p (tenant_id, agent_id, kind, path, interval_ms, timeout_ms, unhealthy_after, healthy_after)
  select tenant_id, agent_id, $3, $4, $5, $6, $7, $8 from home where $3::text is not null
  on conflict (tenant_id, agent_id) do update set kind = excluded.kind, path = excluded.path, interval_ms = excluded.interval_ms,
    timeout_ms = excluded.timeout_ms, unhealthy_after = excluded.unhealthy_after, healthy_after = excluded.healthy_after
), due as (
  update colloquy.instance_health w
  set next_probe_at = colloquy.now_utc(), revision = w.revision + 1, probe_state = 'unknown', probe_reason = null, probe_failures = 0, probe_successes = 0
  from home h join colloquy.agent_instances i on i.tenant_id = h.tenant_id and i.agent_id = h.agent_id and i.left_at is null
  where w.tenant_id = i.tenant_id and w.instance_id = i.instance_id
), audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $9, $10, $11, $12, $13, $14, $15 from home
)
select agent_id from home`;

/**
 * Sets the policy of an agent, or deletes it for null, makes the probes of its instances due, and writes the audit entry; no row when
 * there is no such agent.
 */
function setProbePolicy(
  tenantId: TenantId,
  agentName: string,
  policy: ProbePolicy | null,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'set-probe-policy',
    text: setProbePolicyText,
    values: [
      uuidOf(tenantId),
      agentName,
      policy?.kind ?? null,
      policy?.path ?? null,
      policy?.intervalMs ?? null,
      policy?.timeoutMs ?? null,
      policy?.unhealthyAfter ?? null,
      policy?.healthyAfter ?? null,
      ...auditEntryValues(entry),
    ],
  };
}
