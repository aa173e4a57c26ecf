import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { InstanceAddress } from '../../../modules/instances/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { noteEvent } from './note-event.ts';

const text = `
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

/** Marks an instance as gone, with `owner` only one of its own, and writes the event and the audit entry; no row when there is no such instance. */
export function removeInstance(
  { tenantId, agentName, instanceId }: InstanceAddress,
  owner: string | null,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'remove-instance',
    text,
    values: [uuidOf(tenantId), agentName, uuidOf(instanceId), owner, ...auditEntryValues(entry)],
  };
}
