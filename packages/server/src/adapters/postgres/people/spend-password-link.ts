import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';

export interface SpentLink {
  readonly personId: string;
  readonly secretHash: Uint8Array;
  readonly passwordHash: string;
}

/** Takes a link away and sets the password, with the audit entry. No row for a link that is not there, or not any more. */
export function spendPasswordLink(
  tenantId: TenantId,
  { personId, secretHash, passwordHash }: SpentLink,
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
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $5, $6, $7, $8, $9, $10, $11 from changed
      )
      select person_id from changed`,
    values: [
      uuidOf(tenantId),
      personId,
      secretHash,
      passwordHash,
      uuidOf(entry.entryId),
      entry.actorId,
      entry.action,
      entry.outcome,
      entry.resource,
      entry.requestId,
      JSON.stringify(entry.facts),
    ],
  };
}
