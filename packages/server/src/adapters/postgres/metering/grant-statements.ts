import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewGrant, NewTransfer } from '../../../modules/metering/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

// Each of these statements runs behind one that locks the wallets, so it reads them, and the grants, as they are.

const countSpentText = `
  with spent as (
    select g.grant_id, least(g.left_microcredits, greatest(w.checked_available_microcredits - w.available_microcredits - g.before, 0)) as amount
    from (
      select grant_id, left_microcredits,
        (sum(left_microcredits) over (order by expires_at, grant_id) - left_microcredits)::bigint as before
      from colloquy.credit_grants where tenant_id = $1 and lapsed_at is null and left_microcredits > 0
    ) g
    cross join (
      select available_microcredits, checked_available_microcredits from colloquy.wallets where tenant_id = $1
    ) w
  ), used as (
    update colloquy.credit_grants g set left_microcredits = g.left_microcredits - s.amount
    from spent s where g.tenant_id = $1 and g.grant_id = s.grant_id and s.amount > 0
  )
  update colloquy.wallets set checked_available_microcredits = available_microcredits where tenant_id = $1`;

/** Takes what is gone from the wallet since the last time from the grants with an expiry, in the order in which they expire. */
export function countSpent(tenantId: TenantId): Statement {
  return { name: 'count-spent-grants', text: countSpentText, values: [uuidOf(tenantId)] };
}

interface InsertedGrantRow {
  /** The id is that of a transfer or a task. */
  readonly is_taken: boolean;
  readonly is_ahead: boolean;
  readonly has_room: boolean;
}

const insertGrantText = `
  with wallet as materialized (
    select w.tenant_id, w.granted_microcredits, w.overage_microcredits,
      exists (
        select from colloquy.ledger_entries
        where tenant_id = $1 and reservation_id = $2 and kind not in ('grant', 'repay', 'lapse')) as is_taken,
      $12::timestamptz is null or $12::timestamptz > colloquy.now_utc() as is_ahead,
      $12::timestamptz is null or (
        select count(*) from colloquy.credit_grants g where g.tenant_id = $1 and g.lapsed_at is null) < $13::bigint as has_room
    from colloquy.wallets w where w.tenant_id = $1 for update
  ), granted as (
    insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
    select tenant_id, $2, 'grant', $3 from wallet where granted_microcredits + $3 <= $4 and not is_taken and is_ahead and has_room
    on conflict (tenant_id, reservation_id, kind) do nothing
    returning tenant_id, amount_microcredits
  ), parts as (
    select g.tenant_id, g.amount_microcredits as amount, least(g.amount_microcredits, w.overage_microcredits) as repaid
    from granted g join wallet w on w.tenant_id = g.tenant_id
  ), repaid as (
    insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
    select tenant_id, $2, 'repay', repaid from parts where repaid > 0
  ), expiring as (
    insert into colloquy.credit_grants (tenant_id, grant_id, amount_microcredits, left_microcredits, expires_at)
    select tenant_id, $2, amount, amount - repaid, $12::timestamptz from parts where $12::timestamptz is not null
  ), paid_in as (
    update colloquy.wallets w
    set granted_microcredits = w.granted_microcredits + p.amount,
        available_microcredits = w.available_microcredits + p.amount - p.repaid,
        overage_microcredits = w.overage_microcredits - p.repaid,
        checked_available_microcredits = w.available_microcredits + p.amount - p.repaid
    from parts p
    where w.tenant_id = p.tenant_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $5, $6, $7, $8, $9, $10, $11 from granted
  )
  select is_taken, is_ahead, has_room from wallet`;

/**
 * A grant's ledger entry, the repayment of what the tenant owes, the wallet and the audit entry. It writes nothing for an id that is in use, beyond
 * the wallet's limit, for an expiry that is not ahead, or when too many grants expire.
 */
export function insertGrant(grant: NewGrant, entry: NewAuditEntry): Statement<InsertedGrantRow> {
  return {
    name: 'insert-grant',
    text: insertGrantText,
    values: [
      uuidOf(grant.tenantId),
      grant.grantId,
      grant.amountMicrocredits,
      grant.grantedMicrocreditsMax,
      ...auditEntryValues(entry),
      grant.expiresAt,
      grant.expiringMax,
    ],
  };
}

const lapseText = `
  with due as materialized (
    select grant_id, left_microcredits from colloquy.credit_grants
    where tenant_id = $1 and lapsed_at is null and expires_at <= colloquy.now_utc()
  ), closed as (
    update colloquy.credit_grants g set lapsed_at = colloquy.now_utc(), left_microcredits = 0
    from due where g.tenant_id = $1 and g.grant_id = due.grant_id
  ), written as (
    insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
    select $1, grant_id, 'lapse', left_microcredits from due where left_microcredits > 0
  ), total as (
    select sum(left_microcredits)::bigint as amount, count(*) as grants from due where left_microcredits > 0
  ), paid_out as (
    update colloquy.wallets w
    set available_microcredits = w.available_microcredits - t.amount,
        checked_available_microcredits = w.checked_available_microcredits - t.amount,
        expired_microcredits = w.expired_microcredits + t.amount
    from total t where w.tenant_id = $1 and t.amount > 0
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $2, $3, $4, $5, $6, $7, $8::jsonb || jsonb_build_object('amountMicrocredits', amount::text, 'grants', grants::text)
    from total where amount > 0
  )
  select coalesce(amount, 0) as amount from total`;

/** Closes the grants that have expired: what is left of them leaves the wallet, with one audit entry. */
export function lapseGrants(entry: NewAuditEntry): Statement<{ amount: bigint }> {
  return { name: 'lapse-grants', text: lapseText, values: [uuidOf(entry.tenantId), ...auditEntryValues(entry)] };
}

interface TransferRow {
  readonly available: bigint;
  readonly is_covered: boolean;
  readonly is_known: boolean;
}

const transferText = `
  with judged as materialized (
    select s.available_microcredits as available, s.available_microcredits >= $4::bigint as is_covered,
      t.granted_microcredits + $4 <= $5 as fits, least($4, t.overage_microcredits) as repaid,
      exists (select from colloquy.ledger_entries where tenant_id in ($1, $2::uuid) and reservation_id = $3) as is_known
    from colloquy.wallets s cross join colloquy.wallets t where s.tenant_id = $1 and t.tenant_id = $2::uuid
  ), moved as materialized (
    select repaid from judged where is_covered and fits and not is_known
  ), written as (
    insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
    select $1::uuid, $3::uuid, 'transfer-out', $4 from moved
    union all select $2, $3, 'transfer-in', $4 from moved
    union all select $2, $3, 'repay', repaid from moved where repaid > 0
  ), paid_out as (
    update colloquy.wallets w set granted_microcredits = w.granted_microcredits - $4, available_microcredits = w.available_microcredits - $4
    from moved where w.tenant_id = $1
  ), paid_in as (
    update colloquy.wallets w
    set granted_microcredits = w.granted_microcredits + $4,
        available_microcredits = w.available_microcredits + $4 - m.repaid,
        overage_microcredits = w.overage_microcredits - m.repaid,
        checked_available_microcredits = w.checked_available_microcredits + $4 - m.repaid
    from moved m where w.tenant_id = $2
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $6::uuid, $7, $8, $9, $10, $11, $12::jsonb from moved
    union all select $2, $13::uuid, $14, $15, $16, $17, $18, $19::jsonb from moved
  )
  select available, is_covered, is_known from judged`;

/** Moves credits between two wallets, with both entries and both audit entries. It writes nothing for an id that either of them has used, or where it does not fit. */
export function moveCredits(
  transfer: NewTransfer,
  entries: { readonly out: NewAuditEntry; readonly in: NewAuditEntry },
): Statement<TransferRow> {
  const { fromTenantId, toTenantId, transferId, amountMicrocredits, grantedMicrocreditsMax } = transfer;
  return {
    name: 'transfer-credits',
    text: transferText,
    values: [
      uuidOf(fromTenantId),
      uuidOf(toTenantId),
      transferId,
      amountMicrocredits,
      grantedMicrocreditsMax,
      ...auditEntryValues(entries.out),
      ...auditEntryValues(entries.in),
    ],
  };
}

const findTransferText = `
  select o.amount_microcredits = $4 and i.amount_microcredits = $4 as is_same
  from colloquy.ledger_entries o join colloquy.ledger_entries i on i.tenant_id = $2 and i.reservation_id = $3 and i.kind = 'transfer-in'
  where o.tenant_id = $1 and o.reservation_id = $3 and o.kind = 'transfer-out'`;

/** Whether the transfer of this id between the two has this amount; no row when there is none. */
export function findTransfer(transfer: NewTransfer): Statement<{ is_same: boolean }> {
  const { fromTenantId, toTenantId, transferId, amountMicrocredits } = transfer;
  const values = [uuidOf(fromTenantId), uuidOf(toTenantId), transferId, amountMicrocredits];
  return { name: 'find-transfer', text: findTransferText, values };
}
