import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ClientAuthority } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface InsertedAuthorityRow {
  readonly outcome: 'added' | 'exists' | 'full';
  readonly added_at: Date;
}

/** An authority and the audit entry; only the entry, as refused, when the tenant has it or has as many as may be. */
export function insertClientAuthority(
  tenantId: TenantId,
  authority: Omit<ClientAuthority, 'addedAt'>,
  entry: NewAuditEntry,
): Statement<InsertedAuthorityRow> {
  return {
    name: 'insert-client-authority',
    text: `
      with known as (
        select case
          when exists (select from colloquy.client_authorities where tenant_id = $1 and thumbprint = $5) then 'exists'
          when (select count(*) from colloquy.client_authorities where tenant_id = $1) >= $8 then 'full'
          else 'added' end as outcome
      ), made as (
        insert into colloquy.client_authorities (tenant_id, authority_id, name, certificate, thumbprint, subject, expires_at)
        select $1, $2, $3, $4, $5, $6, $7 from known where outcome = 'added'
        returning added_at
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $9, $10, $11, case outcome when 'added' then $12 else 'refused' end, $13, $14, $15 from known
      )
      select outcome, added_at from known left join made on true`,
    values: [
      uuidOf(tenantId),
      uuidOf(authority.authorityId),
      authority.name,
      authority.certificate,
      authority.thumbprint,
      authority.subject,
      authority.expiresAt,
      limits.clientAuthoritiesMax,
      ...auditEntryValues(entry),
    ],
  };
}
