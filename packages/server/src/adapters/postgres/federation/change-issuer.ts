import { uuidOf } from '../../../kernel/ids.ts';
import type { IssuerId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { IssuerTerms } from '../../../modules/federation/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { issuerColumns } from './issuer-row.ts';
import type { IssuerRow } from './issuer-row.ts';

export interface IssuerChange {
  readonly issuerId: IssuerId;
  readonly terms: IssuerTerms;
}

const text = `
  with i as (
    update colloquy.external_issuers
    set name = $3, algorithms = $4, token_type = $5, subject_claim = $6, scopes_claim = $7, scope_map = $8
    where tenant_id = $1 and issuer_id = $2 and removed_at is null
    returning *
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, $12, $13, $14, $15 from i
  )
  select ${issuerColumns} from i`;

/** Changes the terms of an issuer and writes the audit entry; no row when the tenant has no such issuer. */
export function changeIssuer(
  tenantId: TenantId,
  { issuerId, terms }: IssuerChange,
  entry: NewAuditEntry,
): Statement<IssuerRow> {
  return {
    name: 'change-external-issuer',
    text,
    values: [
      uuidOf(tenantId),
      issuerId,
      terms.name,
      terms.algorithms,
      terms.tokenType,
      terms.subjectClaim,
      terms.scopesClaim,
      JSON.stringify(terms.scopeMap),
      ...auditEntryValues(entry),
    ],
  };
}
