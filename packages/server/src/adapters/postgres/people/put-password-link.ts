import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewPasswordLink } from '../../../modules/people/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Replaces a person's link, with the audit entry. No row when the tenant has no such person. */
export function putPasswordLink(
  tenantId: TenantId,
  { personId, secretHash, lifeMs }: NewPasswordLink,
  entry: NewAuditEntry,
): Statement<{ readonly person_id: string }> {
  return {
    name: 'put-password-link',
    text: `
      with put as (
        insert into colloquy.password_links (tenant_id, person_id, secret_hash, expires_at)
        select tenant_id, person_id, $3, colloquy.now_utc() + $4::float8 * interval '1 millisecond'
        from colloquy.people where tenant_id = $1 and person_id = $2
        on conflict (tenant_id, person_id) do update
        set secret_hash = excluded.secret_hash, expires_at = excluded.expires_at
        returning person_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $5, $6, $7, $8, $9, $10, $11 from put
      )
      select person_id from put`,
    values: [uuidOf(tenantId), personId, secretHash, lifeMs, ...auditEntryValues(entry)],
  };
}
