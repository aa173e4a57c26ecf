import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { InstanceAddress, InstanceChange } from '../../../modules/instances/index.ts';
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

/** Sets what the change names of an instance, and writes the event and the audit entry; no row when there is no such instance. */
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
