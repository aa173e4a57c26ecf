import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { SlaSubject } from '../../../modules/sla/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { nextHour } from './hours.ts';

const text = `
  with last as (
    select latency_ms from colloquy.sla_objectives
    where tenant_id = $1 and kind = $2 and subject = $3 order by holds_from desc limit 1
  ), gone as (
    insert into colloquy.sla_objectives as o (tenant_id, kind, subject, holds_from, changed_by)
    select $1, $2, $3, ${nextHour}, $5 from last where latency_ms is not null
    on conflict (tenant_id, kind, subject, holds_from) do update set availability_ppm = null, latency_ms = null, latency_ppm = null,
      changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning o.subject
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $4, $5, $6, $7, $8, $9, $10 from gone
  )
  select subject from gone`;

/** Takes back what was promised of a subject and writes the audit entry; no row when nothing was. */
export function unsetObjective({ kind, name }: SlaSubject, entry: NewAuditEntry): Statement {
  return { name: 'unset-objective', text, values: [uuidOf(entry.tenantId), kind, name, ...auditEntryValues(entry)] };
}
