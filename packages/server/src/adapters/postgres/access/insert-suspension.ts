import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Suspension } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import type { SuspensionRow } from './list-suspensions.ts';

/** Stops a target, with its audit entry. No row when it is stopped already. */
export function insertSuspension(
  tenantId: TenantId,
  suspension: Omit<Suspension, 'suspendedAt'>,
  entry: NewAuditEntry,
): Statement<SuspensionRow> {
  return {
    name: 'set-stop',
    text,
    values: [
      uuidOf(tenantId),
      suspension.kind,
      suspension.name,
      suspension.reason,
      suspension.suspendedBy,
      ...auditEntryValues(entry),
    ],
  };
}

const text = `
with created as (
  insert into colloquy.stops (tenant_id, kind, name, reason, stopped_by) values ($1, $2, $3, $4, $5)
  on conflict (tenant_id, kind, name) where resumed_at is null do nothing
  returning kind, name, reason, stopped_by, stopped_at
), noted as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, $6, $7, $8, $9, $10, $11, $12 from created
)
select kind, name, reason, stopped_by, stopped_at from created`;
