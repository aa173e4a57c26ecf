import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewExternalIssuer } from '../../../modules/federation/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { issuerColumns } from './issuer-row.ts';
import type { IssuerRow } from './issuer-row.ts';

export interface RegisteredIssuerRow extends IssuerRow {
  readonly outcome: 'registered' | 'exists' | 'full';
}

const text = `
  with held as (
    select count(*) >= $12 as is_full from colloquy.external_issuers where tenant_id = $1 and removed_at is null
  ), i as (
    insert into colloquy.external_issuers
      (tenant_id, issuer_id, name, issuer, audience, algorithms, token_type, subject_claim, scopes_claim, scope_map, added_by)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from held where not is_full
    on conflict (issuer, audience) where removed_at is null do nothing
    returning *
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    values ($1, $13, $14, $15, case when exists (select from i) then $16 else 'refused' end, $17, $18, $19)
  )
  select case when is_full then 'full' when i.issuer_id is null then 'exists' else 'registered' end as outcome, ${issuerColumns}
  from held left join i on true`;

/**
 * Adds an issuer and its audit entry; only the entry, as a refusal, when issuer and audience are somebody's or the tenant has as many as
 * may be. Needs the lock of `lockIssuers` in a statement before it.
 */
export function registerIssuer(
  tenantId: TenantId,
  issuer: NewExternalIssuer,
  entry: NewAuditEntry,
): Statement<RegisteredIssuerRow> {
  return {
    name: 'register-external-issuer',
    text,
    values: [
      uuidOf(tenantId),
      issuer.issuerId,
      issuer.name,
      issuer.issuer,
      issuer.audience,
      issuer.algorithms,
      issuer.tokenType,
      issuer.subjectClaim,
      issuer.scopesClaim,
      JSON.stringify(issuer.scopeMap),
      issuer.addedBy,
      limits.externalIssuersPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}
