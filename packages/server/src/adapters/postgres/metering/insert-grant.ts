import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewGrant } from '../../../modules/metering/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

// The wallet is locked first, as everywhere: grants of one tenant follow one another, and the limit is judged on the latest sum.
const text = `
  with wallet as materialized (
    select tenant_id, granted_microcredits from colloquy.wallets where tenant_id = $1 for update
  ), granted as (
    insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
    select tenant_id, $2, 'grant', $3 from wallet where granted_microcredits + $3 <= $4
    on conflict (tenant_id, reservation_id, kind) do nothing
    returning tenant_id, amount_microcredits
  ), paid_in as (
    update colloquy.wallets w
    set granted_microcredits = w.granted_microcredits + g.amount_microcredits,
        available_microcredits = w.available_microcredits + g.amount_microcredits
    from granted g
    where w.tenant_id = g.tenant_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $5, $6, $7, $8, $9, $10, $11 from granted
  )
  select from granted`;

/** A grant's ledger entry, the wallet and the audit entry; writes nothing for a repeated grant id or beyond the wallet's limit. */
export function insertGrant(grant: NewGrant, entry: NewAuditEntry): Statement {
  return {
    name: 'insert-grant',
    text,
    values: [
      uuidOf(grant.tenantId),
      grant.grantId,
      grant.amountMicrocredits,
      grant.grantedMicrocreditsMax,
      ...auditEntryValues(entry),
    ],
  };
}
