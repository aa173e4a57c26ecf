import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { ResultSubject, ResultTerms, SetTermsOutcome } from '../../../modules/results/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** With null terms nothing is said, and the results are purged. */
const text = `
  with judged as (
    select case
      when not exists (select from colloquy.agents where name = $2 and tenant_id = $1 and deregistered_at is null) then 'unknown'
      when (select count(*) from colloquy.result_terms where tenant_id = $1 and (agent_name, skill_id) <> ($2, $3)) >= $8 then 'full'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.result_terms as r (tenant_id, agent_name, skill_id, shared_by, hit_price_percent, stale_ms, is_on, purges, changed_by)
    select $1, $2, $3, $4::text, $5, $6, $7, case when $4::text is null then 1 else 0 end, $10 from judged where outcome = 'set'
    on conflict (tenant_id, agent_name, skill_id) do update set
      shared_by = coalesce(excluded.shared_by, r.shared_by),
      hit_price_percent = coalesce(excluded.hit_price_percent, r.hit_price_percent),
      stale_ms = coalesce(excluded.stale_ms, r.stale_ms),
      is_on = coalesce(excluded.is_on, r.is_on),
      purges = r.purges + excluded.purges, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), purged as (
    delete from colloquy.skill_results s using judged
    where judged.outcome = 'set' and $4::text is null and s.tenant_id = $1 and s.agent_name = $2 and ($3 = '' or s.skill_id = $3)
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, case outcome when 'set' then $12 else 'refused' end, $13, $14, $15 from judged
  )
  select outcome from judged`;

/** Sets the terms of a subject, or purges its results, and writes the audit entry; only the entry, as refused, where that can not be. */
export function changeResultTerms(
  tenantId: TenantId,
  { subject, terms }: { readonly subject: ResultSubject; readonly terms: ResultTerms | null },
  entry: NewAuditEntry,
): Statement<{ readonly outcome: SetTermsOutcome }> {
  return {
    name: 'change-result-terms',
    text,
    values: [
      uuidOf(tenantId),
      subject.agentName,
      subject.skillId ?? '',
      terms?.sharedBy ?? null,
      terms?.hitPricePercent ?? null,
      terms?.staleMs ?? null,
      terms?.isOn ?? null,
      limits.resultTermsPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}
