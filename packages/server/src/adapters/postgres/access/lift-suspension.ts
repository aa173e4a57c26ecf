import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { SuspensionTarget } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Lets a target go on, with its audit entry; no row when it is not stopped. */
export function liftSuspension(
  tenantId: TenantId,
  { kind, name }: SuspensionTarget,
  entry: NewAuditEntry,
): Statement<{ readonly stop_id: string }> {
  return {
    name: 'lift-stop',
    text: `
      with lifted as (
        update colloquy.stops set resumed_at = colloquy.now_utc()
        where tenant_id = $1 and kind = $2 and name = $3 and resumed_at is null returning stop_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $4, $5, $6, $7, $8, $9, $10 from lifted
      )
      select stop_id from lifted`,
    values: [uuidOf(tenantId), kind, name, ...auditEntryValues(entry)],
  };
}
