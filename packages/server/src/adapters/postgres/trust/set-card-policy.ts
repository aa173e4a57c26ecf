import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { CardPolicy } from '../../../modules/trust/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with chosen as (
    insert into colloquy.card_policies (tenant_id, signatures, approval, changed_by) values ($1, $2, $3, $5)
    on conflict (tenant_id) do update
      set signatures = excluded.signatures, approval = excluded.approval, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning tenant_id
  )
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $4, $5, $6, $7, $8, $9, $10 from chosen`;

/** Sets what a tenant demands of cards, and writes the audit entry. */
export function setCardPolicy(tenantId: TenantId, policy: CardPolicy, entry: NewAuditEntry): Statement {
  return {
    name: 'set-card-policy',
    text,
    values: [uuidOf(tenantId), policy.signatures, policy.approval, ...auditEntryValues(entry)],
  };
}
