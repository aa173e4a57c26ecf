import { uuidOf } from '../../../kernel/ids.ts';
import type { Revocation } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Remembers that a token or a grant was taken back, with its audit entry. No row when it was remembered already. */
export function revokeSubject(
  { tenantId, subject, keepSeconds }: Revocation,
  entry: NewAuditEntry,
): Statement<{ readonly subject: string }> {
  return {
    name: 'revoke-subject',
    text: `
      with revoked as (
        insert into colloquy.revocations (tenant_id, subject, expires_at)
        values ($1, $2, colloquy.now_utc() + $3::float8 * interval '1 second')
        on conflict (tenant_id, subject) do nothing
        returning subject
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $4, $5, $6, $7, $8, $9, $10 from revoked
      )
      select subject from revoked`,
    values: [uuidOf(tenantId), subject, keepSeconds, ...auditEntryValues(entry)],
  };
}
