import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { PolicyOutcome, PolicySubject, ResilienceSettings } from '../../../modules/resilience/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with named as (
    select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  ), judged as (
    select case
      when not exists (select from named) or exists (
        select from unnest($9::text[]) as f (name) where not exists (
          select from colloquy.agents a where a.tenant_id = $1 and a.name = f.name and a.deregistered_at is null)
      ) then 'agent-unknown'
      when $3 <> '' and not exists (
        select from colloquy.skills k join named n on n.agent_id = k.agent_id where k.tenant_id = $1 and k.skill_id = $3
      ) then 'skill-unknown'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.resilience_policies as p (tenant_id, agent_name, skill_id, first_answer_ms, task_ms, calls_max,
      queue_ms_max, hedge_ms, fallback, fallback_on, partial_results, changed_by)
    select $1::uuid, $2, $3, $4::int, $5::int, $6::int, $7::int, $8::int, $9::text[], $10::text[], $11, $13 from judged where outcome = 'set'
    on conflict (tenant_id, agent_name, skill_id) do update set first_answer_ms = excluded.first_answer_ms,
      task_ms = excluded.task_ms, calls_max = excluded.calls_max, queue_ms_max = excluded.queue_ms_max,
      hedge_ms = excluded.hedge_ms, fallback = excluded.fallback, fallback_on = excluded.fallback_on,
      partial_results = excluded.partial_results, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $12::uuid, $13, $14, case outcome when 'set' then $15 else 'refused' end, $16, $17, $18::jsonb from judged
  )
  select outcome from judged`;

/** Sets a policy and writes the audit entry; only the entry, as refused, when an agent or the skill is not the tenant's. */
export function setPolicy(
  tenantId: TenantId,
  { agentName, skillId, settings }: PolicySubject & { readonly settings: ResilienceSettings },
  entry: NewAuditEntry,
): Statement<{ readonly outcome: PolicyOutcome }> {
  return {
    name: 'set-policy',
    text,
    values: [
      uuidOf(tenantId),
      agentName,
      skillId ?? '',
      settings.firstAnswerMs,
      settings.taskMs,
      settings.callsMax,
      settings.queueMsMax,
      settings.hedgeMs,
      settings.fallback,
      settings.fallbackOn,
      settings.partialResults,
      ...auditEntryValues(entry),
    ],
  };
}
