import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with removed as (
    delete from colloquy.egress_allowances where tenant_id = $1 and target = $2 returning target
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from removed
  )
  select target from removed`;

/** Removes an allowance and writes the audit entry; no row when there is none. */
export function deleteAllowance(tenantId: TenantId, target: string, entry: NewAuditEntry): Statement {
  return {
    name: 'delete-egress-allowance',
    text,
    values: [uuidOf(tenantId), target, ...auditEntryValues(entry)],
  };
}
