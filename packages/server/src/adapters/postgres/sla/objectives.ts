import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { SlaObjective, SlaSubject } from '../../../modules/sla/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { nextHour, objectiveColumns } from './objective-columns.ts';
import type { ObjectiveRow } from './objective-columns.ts';

interface SetObjectiveRow {
  readonly outcome: 'set' | 'unknown' | 'full';
  readonly holds_from: Date;
}

const text = `
  with judged as (
    select ${nextHour} as holds_from, case
      when $2 = 'agent' and not exists (
        select from colloquy.agents where tenant_id = $1 and name = $3 and deregistered_at is null) then 'unknown'
      when $2 = 'agent' and (
        select count(*) from (
          select distinct on (subject) latency_ms from colloquy.sla_objectives
          where tenant_id = $1 and kind = 'agent' and subject <> $3 order by subject, holds_from desc
        ) o where o.latency_ms is not null) >= $7 then 'full'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.sla_objectives as o
      (tenant_id, kind, subject, holds_from, availability_ppm, latency_ms, latency_ppm, changed_by)
    select $1, $2, $3, holds_from, $4, $5, $6, $10 from judged where outcome = 'set'
    on conflict (tenant_id, kind, subject, holds_from) do update set availability_ppm = excluded.availability_ppm,
      latency_ms = excluded.latency_ms, latency_ppm = excluded.latency_ppm, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), forgotten as (
    delete from colloquy.sla_objectives o using judged
    where judged.outcome = 'set' and o.tenant_id = $1 and o.kind = $2 and o.subject = $3 and o.holds_from < (
      select max(x.holds_from) from colloquy.sla_objectives x
      where x.tenant_id = $1 and x.kind = $2 and x.subject = $3 and x.holds_from <= colloquy.now_utc() - $8 * interval '1 millisecond')
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, case outcome when 'set' then $12 else 'refused' end, $13, $14, $15 from judged
  )
  select outcome, holds_from from judged`;

/** Sets the objective of a subject and writes the audit entry; only the entry, as refused, when the agent is unknown or the limit is reached. */
export function setObjective(
  { kind, name }: SlaSubject,
  { availabilityPpm, latencyMs, latencyPpm }: SlaObjective,
  entry: NewAuditEntry,
): Statement<SetObjectiveRow> {
  const promise = [availabilityPpm, latencyMs, latencyPpm];
  const bounds = [limits.slaObjectivesPerTenantMax, limits.slaKeptMs];
  return {
    name: 'set-objective',
    text,
    values: [uuidOf(entry.tenantId), kind, name, ...promise, ...bounds, ...auditEntryValues(entry)],
  };
}

const unsetObjectiveText = `
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

/** Removes the objective of a subject and writes the audit entry; no row when none was set. */
export function unsetObjective({ kind, name }: SlaSubject, entry: NewAuditEntry): Statement {
  return {
    name: 'unset-objective',
    text: unsetObjectiveText,
    values: [uuidOf(entry.tenantId), kind, name, ...auditEntryValues(entry)],
  };
}

const listObjectivesText = `
  select ${objectiveColumns} from (
    select distinct on (subject) ${objectiveColumns} from colloquy.sla_objectives
    where tenant_id = $1 and kind = $2 and subject > $3 order by subject, holds_from desc
  ) o where latency_ms is not null order by subject limit $4`;

/** The latest objective of each subject of a kind, after a name, without removed ones. */
export function listObjectives(
  tenantId: TenantId,
  { kind, after, rows }: { readonly kind: SlaSubject['kind']; readonly after: string; readonly rows: number },
): Statement<ObjectiveRow> {
  return { name: 'list-objectives', text: listObjectivesText, values: [uuidOf(tenantId), kind, after, rows] };
}
