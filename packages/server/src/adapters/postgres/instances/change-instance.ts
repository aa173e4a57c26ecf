import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  AdmissionChange,
  InstanceAddress,
  InstanceAdmission,
  InstanceChange,
} from '../../../modules/instances/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { noteEvent } from './note-event.ts';

const text = `
with changed as (
  update colloquy.agent_instances i
  set weight = case when $4::jsonb ? 'weight' then ($4::jsonb ->> 'weight')::integer else i.weight end,
    version = case when $4::jsonb ? 'version' then $4::jsonb ->> 'version' else i.version end,
    region = case when $4::jsonb ? 'region' then $4::jsonb ->> 'region' else i.region end,
    slots_max = case when $4::jsonb ? 'slotsMax' then ($4::jsonb ->> 'slotsMax')::integer else i.slots_max end
  from colloquy.agents a
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
    and i.tenant_id = a.tenant_id and i.agent_id = a.agent_id and i.instance_id = $3 and i.left_at is null
  returning i.tenant_id, i.instance_id
), noted as (
  select tenant_id, instance_id, 'changed' as kind, null::text as state, left($4::jsonb::text, 500) as reason, $6 as actor_id from changed
), ${noteEvent}, audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $5, $6, $7, $8, $9, $10, $11 from changed
)
select instance_id from changed`;

/** Updates the named fields of an instance, and writes the event and the audit entry; no row when there is no such instance. */
export function changeInstance(
  { tenantId, agentName, instanceId }: InstanceAddress,
  change: InstanceChange,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'change-instance',
    text,
    values: [uuidOf(tenantId), agentName, uuidOf(instanceId), JSON.stringify(change), ...auditEntryValues(entry)],
  };
}

const admitInstanceText = `
with held as (
  select i.tenant_id, i.instance_id, i.admission
  from colloquy.agents a
  join colloquy.agent_instances i on i.tenant_id = a.tenant_id and i.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and i.instance_id = $3 and i.left_at is null
  for no key update of i
), changed as (
  update colloquy.agent_instances i
  set admission = $4, admission_reason = $5, admission_by = $6,
    admission_at = case when i.admission = $4 then i.admission_at else colloquy.now_utc() end
  from held h
  where i.tenant_id = h.tenant_id and i.instance_id = h.instance_id and h.admission = any ($7::text[])
    and (h.admission <> $4 or $5::text is not null)
  returning i.tenant_id, i.instance_id
), noted as (
  select tenant_id, instance_id, 'admission' as kind, $4::text as state, $5::text as reason, $6::text as actor_id from changed
), ${noteEvent}, audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $8, $9, $10, case when admission = any ($7::text[]) then $11 else 'refused' end, $12, $13, $14 from held
)
select admission from held`;

/** Changes the admission of an instance, when it is in one of the states of `from`. Returns the state before. */
export function admitInstance(
  { tenantId, agentName, instanceId }: InstanceAddress,
  { state, reason, by, from }: AdmissionChange,
  entry: NewAuditEntry,
): Statement<{ readonly admission: InstanceAdmission }> {
  return {
    name: 'admit-instance',
    text: admitInstanceText,
    values: [uuidOf(tenantId), agentName, uuidOf(instanceId), state, reason, by, [...from], ...auditEntryValues(entry)],
  };
}

const removeInstanceText = `
with gone as (
  update colloquy.agent_instances i set left_at = colloquy.now_utc()
  from colloquy.agents a
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
    and i.tenant_id = a.tenant_id and i.agent_id = a.agent_id and i.instance_id = $3 and i.left_at is null
    and ($4::text is null or i.source = 'self' and i.registered_by = $4)
  returning i.tenant_id, i.instance_id
), unleased as (
  delete from colloquy.instance_leases l using gone g where l.tenant_id = g.tenant_id and l.instance_id = g.instance_id
), noted as (
  select tenant_id, instance_id, 'left' as kind, null::text as state, null::text as reason, $6 as actor_id from gone
), ${noteEvent}, audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $5, $6, $7, $8, $9, $10, $11 from gone
)
select instance_id from gone`;

/**
 * Marks an instance as left, and writes the event and the audit entry; no row when there is no such instance. With `owner`, only an
 * instance that this principal registered.
 */
export function removeInstance(
  { tenantId, agentName, instanceId }: InstanceAddress,
  owner: string | null,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'remove-instance',
    text: removeInstanceText,
    values: [uuidOf(tenantId), agentName, uuidOf(instanceId), owner, ...auditEntryValues(entry)],
  };
}
