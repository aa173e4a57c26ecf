import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewRotation } from '../../../modules/secrets/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with asked as (
    insert into colloquy.secret_rotations (rotation_id, asked_by, renews_data_keys)
    values ($1, $2, $3) on conflict do nothing
    returning rotation_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $4, $5, $6, $7, $8, $9, $10, $11 from asked
  )
  select rotation_id from asked`;

/** A rotation with its audit entry; no row while another one is open. */
export function insertRotation(
  { rotationId, askedBy, renewsDataKeys }: NewRotation,
  entry: NewAuditEntry,
): Statement<{ readonly rotation_id: string }> {
  return {
    name: 'insert-secret-rotation',
    text,
    values: [uuidOf(rotationId), askedBy, renewsDataKeys, uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}
