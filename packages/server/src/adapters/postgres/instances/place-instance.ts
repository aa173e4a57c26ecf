import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewInstance } from '../../../modules/instances/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { noteEvent } from './note-event.ts';

export interface PlacementRow {
  readonly is_agent: boolean;
  /** Another principal's instance has the address. */
  readonly is_held: boolean;
  readonly instance_id: string | null;
}

const text = `
with home as (
  select tenant_id, agent_id from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null
), known as (
  select i.tenant_id, i.instance_id, i.left_at is not null as has_left,
    i.left_at is not null or $12::integer is not null
      and (i.source = 'card' or i.registered_by = $7 or l.lease_until <= colloquy.now_utc()) as is_free
  from home
  join colloquy.agent_instances i on i.tenant_id = home.tenant_id and i.agent_id = home.agent_id
  left join colloquy.instance_leases l on l.tenant_id = i.tenant_id and l.instance_id = i.instance_id
  where md5(i.url || ' ' || i.binding || ' ' || i.protocol_version || ' ' || coalesce(i.routing_tag, '')) = md5($4 || ' ' || split_part($5, ' ', 2) || ' ' || split_part($5, ' ', 1) || ' ' || coalesce($6, ''))
), room as (
  select count(*) < ${limits.agentInstancesMax} as is_there
  from home join colloquy.agent_instances i on i.tenant_id = home.tenant_id and i.agent_id = home.agent_id and i.left_at is null
), taken as (
  update colloquy.agent_instances i
  set source = case when $12::integer is null then 'api' else 'self' end, registered_by = $7, left_at = null,
    version = $8, region = $9, slots_max = $10, weight = coalesce($11::integer, i.weight),
    admission = case when k.has_left and i.admission <> 'quarantined' then $13 else i.admission end,
    admission_reason = case when k.has_left and i.admission <> 'quarantined' then $14 else i.admission_reason end,
    admission_by = case when k.has_left and i.admission <> 'quarantined' then null else i.admission_by end,
    admission_at = case when k.has_left and i.admission <> 'quarantined' then colloquy.now_utc() else i.admission_at end,
    health = 'unknown', health_reason = null, health_at = colloquy.now_utc()
  from known k, room
  where i.tenant_id = k.tenant_id and i.instance_id = k.instance_id and k.is_free and (room.is_there or not k.has_left)
  returning i.tenant_id, i.instance_id
), placed as (
  insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version, routing_tag, source, registered_by,
    version, region, slots_max, weight, admission, admission_reason)
  select tenant_id, $3, agent_id, $4, split_part($5, ' ', 2), split_part($5, ' ', 1), $6,
    case when $12::integer is null then 'api' else 'self' end, $7, $8, $9, $10, coalesce($11::integer, 100), $13, $14
  from home, room where room.is_there and not exists (select from known)
  returning tenant_id, instance_id
), present as (
  select * from taken union all select * from placed
), watched as (
  insert into colloquy.instance_health as h (tenant_id, instance_id) select tenant_id, instance_id from present
  on conflict (tenant_id, instance_id) do update set revision = h.revision + 1, probe_state = 'unknown', probe_reason = null,
    probe_failures = 0, probe_successes = 0, report_state = null, report_reason = null, dependencies = null, outlier_reason = null,
    outlier_until = null, outlier_count = 0, next_probe_at = colloquy.now_utc()
), leased as (
  insert into colloquy.instance_leases as l (tenant_id, instance_id, lease_ms, lease_until)
  select tenant_id, instance_id, $12::integer, colloquy.now_utc() + $12::integer * interval '1 millisecond' from present
  where $12::integer is not null
  on conflict (tenant_id, instance_id) do update set lease_ms = excluded.lease_ms, lease_until = excluded.lease_until,
    heartbeat_at = excluded.heartbeat_at, is_lapsed = false
), unleased as (
  delete from colloquy.instance_leases l using present p
  where l.tenant_id = p.tenant_id and l.instance_id = p.instance_id and $12::integer is null
), noted as (
  select tenant_id, instance_id, 'registered' as kind, null::text as state, null::text as reason, $7 as actor_id from present
), ${noteEvent}, audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, $15, $16, $17, case when exists (select from present) then $18 else 'refused' end, $19, $20,
    $21::jsonb || coalesce((select jsonb_build_object('instance', 'ins_' || replace(instance_id::text, '-', '')) from present), '{}')
  from home
)
select exists (select from home) as is_agent, exists (select from known where not is_free) as is_held,
  (select instance_id from present) as instance_id`;

/** Places an instance of a locked agent, with its lease if any, its first probe, an event and the audit entry. */
export function placeInstance(
  tenantId: TenantId,
  agentName: string,
  instance: NewInstance,
  entry: NewAuditEntry,
): Statement<PlacementRow> {
  return {
    name: 'place-instance',
    text,
    values: [
      uuidOf(tenantId),
      agentName,
      uuidOf(instance.instanceId),
      instance.url,
      instance.wire,
      instance.routingTag,
      instance.registeredBy,
      instance.version,
      instance.region,
      instance.slotsMax,
      instance.weight,
      instance.leaseMs,
      instance.admission.state,
      instance.admission.reason,
      ...auditEntryValues(entry),
    ],
  };
}

const lockOpenAgentText = `
  select from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null for no key update`;

/** Locks the agent, so that registrations of its instances and new cards run one after another. */
export function lockOpenAgent(tenantId: TenantId, agentName: string): Statement {
  return { name: 'lock-open-agent', text: lockOpenAgentText, values: [uuidOf(tenantId), agentName] };
}
