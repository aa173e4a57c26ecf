import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { ProbePolicy } from '../../../modules/instances/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
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

/** Sets the policy of an agent, null for none, has its instances probed at once, and writes the audit entry; no row when there is no such agent. */
export function setProbePolicy(
  tenantId: TenantId,
  agentName: string,
  policy: ProbePolicy | null,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'set-probe-policy',
    text,
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
