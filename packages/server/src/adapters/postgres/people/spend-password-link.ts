import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { SpentPasswordLink } from '../../../modules/people/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/**
 * Spends a link and sets the password, with the audit entry. Every session and every running sign-in of the person ends,
 * and the person's grants to clients are revoked. No row for a link that does not exist or has expired.
 */
export function spendPasswordLink(
  tenantId: TenantId,
  { personId, secretHash, passwordHash, keepSeconds }: SpentPasswordLink,
  entry: NewAuditEntry,
): Statement<{ readonly person_id: string }> {
  return {
    name: 'spend-password-link',
    text: `
      with spent as (
        delete from colloquy.password_links
        where tenant_id = $1 and person_id = $2 and secret_hash = $3 and expires_at > colloquy.now_utc()
        returning person_id
      ), changed as (
        update colloquy.people p set password_hash = $4 from spent
        where p.tenant_id = $1 and p.person_id = spent.person_id and p.disabled_at is null
        returning p.person_id
      ), ended as (
        delete from colloquy.oidc_records o using changed c
        where c.person_id in (
          o.payload ->> 'accountId', o.payload #>> '{session,accountId}', o.payload #>> '{result,login,accountId}')
        returning o.model, o.record_id
      ), taken_back as (
        insert into colloquy.revocations (tenant_id, subject, expires_at)
        select $1, record_id, colloquy.now_utc() + $12::float8 * interval '1 second' from ended where model = 'Grant'
        on conflict (tenant_id, subject) do nothing
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $5, $6, $7, $8, $9, $10, $11 from changed
      )
      select person_id from changed`,
    values: [uuidOf(tenantId), personId, secretHash, passwordHash, ...auditEntryValues(entry), keepSeconds],
  };
}
