import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';

const text = `
with ruled as (
  insert into colloquy.delegation_rules (tenant_id, depth_max) values ($1, $2::smallint)
  on conflict (tenant_id) do update set depth_max = excluded.depth_max, set_at = colloquy.now_utc()
  returning tenant_id
)
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select tenant_id, $3, $4, $5, $6, $7, $8, $9 from ruled`;

/** Sets how deep a tenant's chains may be, and says so. */
export function setDelegationRule(depthMax: number, entry: NewAuditEntry): Statement {
  const { tenantId, entryId, actorId, action, outcome, resource, requestId, facts } = entry;
  return {
    name: 'set-delegation-rule',
    text,
    values: [
      uuidOf(tenantId),
      depthMax,
      uuidOf(entryId),
      actorId,
      action,
      outcome,
      resource,
      requestId,
      JSON.stringify(facts),
    ],
  };
}
