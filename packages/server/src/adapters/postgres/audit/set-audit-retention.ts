import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
with kept as (
  insert into colloquy.audit_retentions (tenant_id, keep_days) values ($1, $2::integer)
  on conflict (tenant_id) do update set keep_days = excluded.keep_days, set_at = colloquy.now_utc()
  returning tenant_id
)
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select tenant_id, $3, $4, $5, $6, $7, $8, $9 from kept`;

/** Sets for how long a tenant keeps its entries at least, and says so. */
export function setAuditRetention(keepDays: number, entry: NewAuditEntry): Statement {
  return {
    name: 'set-audit-retention',
    text,
    values: [uuidOf(entry.tenantId), keepDays, ...auditEntryValues(entry)],
  };
}
