import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { ResultSubject } from '../../../modules/results/index.ts';
import type { Statement } from '../statement.ts';

const text = `
  with gone as (
    update colloquy.result_terms set shared_by = null, hit_price_percent = null, stale_ms = null, is_on = null,
      changed_by = $5, changed_at = colloquy.now_utc()
    where tenant_id = $1 and agent_name = $2 and skill_id = $3 and shared_by is not null
    returning skill_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $4, $5, $6, $7, $8, $9, $10 from gone
  )
  select skill_id from gone`;

/** Takes terms back and writes the audit entry; no row when none were set. The count of purges stays. */
export function unsetResultTerms(
  tenantId: TenantId,
  { agentName, skillId }: ResultSubject,
  entry: NewAuditEntry,
): Statement {
  const values = [uuidOf(tenantId), agentName, skillId ?? '', uuidOf(entry.entryId), entry.actorId, entry.action];
  return {
    name: 'unset-result-terms',
    text,
    values: [...values, entry.outcome, entry.resource, entry.requestId, JSON.stringify(entry.facts)],
  };
}
