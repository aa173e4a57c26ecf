import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { PolicySubject } from '../../../modules/resilience/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with gone as (
    delete from colloquy.resilience_policies where tenant_id = $1 and agent_name = $2 and skill_id = $3
    returning agent_name
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $4::uuid, $5, $6, $7, $8, $9, $10::jsonb from gone
  )
  select agent_name from gone`;

/** Takes a policy away and writes the audit entry; no row when none was set. */
export function unsetPolicy(
  tenantId: TenantId,
  { agentName, skillId }: PolicySubject,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'unset-policy',
    text,
    values: [uuidOf(tenantId), agentName, skillId ?? '', ...auditEntryValues(entry)],
  };
}
