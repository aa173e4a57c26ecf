import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { LimitSubject, LimitTerms, SetOutcome } from '../../../modules/limits/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

// Principals of other kinds are known only when they come, so only the id of a client of ours is looked up.
const text = `
  with judged as (
    select case
      when $2 = 'agent' and not exists (
        select from colloquy.agents where name = $3 and tenant_id = $1 and deregistered_at is null) then 'unknown'
      when $2 = 'client' and $3 like 'cli\\_%' and not exists (
        select from colloquy.oauth_clients where tenant_id = $1 and client_id = $3) then 'unknown'
      when (select count(*) from colloquy.limits where tenant_id = $1 and (subject_kind, subject_id) <> ($2, $3)) > $8 then 'full'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.limits as l (tenant_id, subject_kind, subject_id, requests_per_second, burst_requests, sends_per_day,
      sends_per_month, changed_by)
    select $1, $2, $3, $4, $5, $6, $7, $10 from judged where outcome = 'set'
    on conflict (tenant_id, subject_kind, subject_id) do update set requests_per_second = excluded.requests_per_second,
      burst_requests = excluded.burst_requests, sends_per_day = excluded.sends_per_day, sends_per_month = excluded.sends_per_month,
      changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, case outcome when 'set' then $12 else 'refused' end, $13, $14, $15 from judged
  )
  select outcome from judged`;

/** Sets the limit of a subject and writes the audit entry; only the entry, as refused, for a subject that the tenant does not have. */
export function setLimit(
  tenantId: TenantId,
  { subject, terms }: { readonly subject: LimitSubject; readonly terms: LimitTerms },
  entry: NewAuditEntry,
): Statement<{ readonly outcome: SetOutcome }> {
  return {
    name: 'set-limit',
    text,
    values: [
      uuidOf(tenantId),
      subject.kind,
      subject.id,
      terms.requestsPerSecond,
      terms.burstRequests,
      terms.sendsPerDay,
      terms.sendsPerMonth,
      limits.limitsPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}
