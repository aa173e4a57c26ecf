import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewCardKey } from '../../../modules/trust/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { cardKeyColumns } from './card-key-row.ts';
import type { CardKeyRow } from './card-key-row.ts';

export interface InsertedCardKeyRow extends CardKeyRow {
  readonly outcome: 'added' | 'exists' | 'full';
}

const text = `
  with known as (
    select exists (select from colloquy.trusted_card_keys where tenant_id = $1 and kid = $2) as is_taken,
      (select count(*) from colloquy.trusted_card_keys where tenant_id = $1 and revoked_at is null) >= $7 as is_full
  ), k as (
    insert into colloquy.trusted_card_keys (tenant_id, kid, name, algorithms, public_jwk, added_by)
    select $1, $2, $3, $4, $5, $6 from known where not is_taken and not is_full
    returning *
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $8, $9, $10, case when is_taken or is_full then 'refused' else $11 end, $12, $13, $14 from known
  )
  select case when is_taken then 'exists' when is_full then 'full' else 'added' end as outcome, ${cardKeyColumns}
  from known left join k on true`;

/** A key and the audit entry; only the entry, as refused, when the id is taken or the tenant has as many keys as may be. */
export function insertCardKey(
  tenantId: TenantId,
  key: NewCardKey,
  entry: NewAuditEntry,
): Statement<InsertedCardKeyRow> {
  return {
    name: 'insert-card-key',
    text,
    values: [
      uuidOf(tenantId),
      key.kid,
      key.name,
      [...key.algorithms],
      JSON.stringify(key.publicJwk),
      key.addedBy,
      limits.trustedCardKeysMax,
      ...auditEntryValues(entry),
    ],
  };
}
