import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { SlaObjective, SlaSubject } from '../../../modules/sla/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { nextHour } from './hours.ts';

export interface SetObjectiveRow {
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

/** Says what is promised of a subject and writes the audit entry; only the entry, as refused, where that can not be. */
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
