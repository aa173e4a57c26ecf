import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  CreditBalance,
  CreditLedgerStore,
  LedgerEntryKind,
  LedgerQuery,
  NewGrant,
} from '../../../modules/metering/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';

/** Wallets and ledger in PostgreSQL, over a pool of the application's role. */
export function createCreditLedgerStore(pool: DatabasePool): CreditLedgerStore {
  return {
    async grant(grant, entry) {
      const { tenantId, grantId, amountMicrocredits } = grant;
      // Each statement has its own snapshot, so the second sees the grant that was written first.
      const statements = [insertGrant(grant, entry), findGrant(tenantId, grantId), readWallet(tenantId)] as const;
      const [, found, wallet] = await untilKnown(() =>
        inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements),
      );
      const [former] = found.rows;
      if (former === undefined) return { kind: 'over-limit' };
      if (former.amount_microcredits !== amountMicrocredits) return { kind: 'other-amount' };
      return { kind: 'granted', balance: balanceOf(wallet.rows[0]) };
    },
    async readBalance(tenantId) {
      const wallet = await whenAvailable(readInTenant(pool, uuidOf(tenantId), readWallet(tenantId)));
      return balanceOf(wallet.rows[0]);
    },
    async listEntries(tenantId, query) {
      const listed = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listLedgerEntries(tenantId, query)));
      return listed.rows.map((row) => ({
        tenantId,
        kind: row.kind,
        reservationId: row.reservation_id.replaceAll('-', ''),
        amountMicrocredits: row.amount_microcredits,
        createdAt: row.created_at,
        task:
          row.agent_name === null || row.owner_id === null
            ? null
            : { agentName: row.agent_name, ownerId: row.owner_id },
      }));
    },
  };
}

export const creditLedgerPorts = (pool: DatabasePool) => ({ ledger: createCreditLedgerStore(pool) });

function balanceOf(row: WalletRow | undefined): CreditBalance {
  if (row === undefined) throw new Error('The tenant has no wallet.');
  return {
    grantedMicrocredits: row.granted_microcredits,
    availableMicrocredits: row.available_microcredits,
    reservedMicrocredits: row.reserved_microcredits,
    usedMicrocredits: row.used_microcredits,
    expiredMicrocredits: row.expired_microcredits,
    overageMicrocredits: row.overage_microcredits,
  };
}

interface WalletRow {
  readonly granted_microcredits: bigint;
  readonly available_microcredits: bigint;
  readonly reserved_microcredits: bigint;
  readonly used_microcredits: bigint;
  readonly expired_microcredits: bigint;
  readonly overage_microcredits: bigint;
}

const readWalletText = `
  select granted_microcredits, available_microcredits, reserved_microcredits, used_microcredits, expired_microcredits,
    overage_microcredits
  from colloquy.wallets where tenant_id = $1`;

/** The wallet of a tenant. */
function readWallet(tenantId: TenantId): Statement<WalletRow> {
  return { name: 'read-wallet', text: readWalletText, values: [uuidOf(tenantId)] };
}

const findGrantText = `
  select amount_microcredits from colloquy.ledger_entries
  where tenant_id = $1 and reservation_id = $2 and kind = 'grant'`;

/** The amount of a grant; no row when there is none. */
function findGrant(tenantId: TenantId, grantId: string): Statement<{ amount_microcredits: bigint }> {
  return { name: 'find-grant', text: findGrantText, values: [uuidOf(tenantId), grantId] };
}

// Every statement locks the wallet first. So grants of one tenant run one after another, and the limit is judged on the latest sum.
const insertGrantText = `
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
function insertGrant(grant: NewGrant, entry: NewAuditEntry): Statement {
  return {
    name: 'insert-grant',
    text: insertGrantText,
    values: [
      uuidOf(grant.tenantId),
      grant.grantId,
      grant.amountMicrocredits,
      grant.grantedMicrocreditsMax,
      ...auditEntryValues(entry),
    ],
  };
}

interface LedgerRow {
  readonly kind: LedgerEntryKind;
  readonly reservation_id: string;
  readonly amount_microcredits: bigint;
  readonly created_at: Date;
  /** Null, like the owner, for a grant or a transfer. */
  readonly agent_name: string | null;
  readonly owner_id: string | null;
}

// `offset 0` keeps the lookup of each task by its key, so that no plan reads every task of the tenant. The cursor names an entry whose time is looked
// up: entries are never deleted, and a time in JavaScript has no microseconds.
const listText = (entries: string): string => `
  with page as materialized (
    select kind, reservation_id, amount_microcredits, created_at
    from ${entries} e
    where tenant_id = $1 and (created_at, reservation_id, kind) < (
      case when $2::uuid is null then 'infinity' else (
        select created_at from colloquy.ledger_entries where tenant_id = $1 and reservation_id = $2 and kind = $3
      ) end, $2, $3::text)
    order by created_at desc, reservation_id desc, kind desc
    limit $4
  )
  select p.kind, p.reservation_id, p.amount_microcredits, p.created_at, t.agent_name, t.owner_id
  from page p
  left join lateral (
    select a.name as agent_name, t.owner_id
    from colloquy.tasks t join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
    where t.tenant_id = $1 and t.task_id = p.reservation_id and p.kind in ('reserve', 'settle', 'release', 'expire', 'charge', 'overage')
    offset 0
  ) t on true
  order by p.created_at desc, p.reservation_id desc, p.kind desc`;

const listLedgerEntriesText = listText('colloquy.ledger_entries');
// The entries of one reservation are few, and found by its key before they are sorted.
const listReservationText = listText(
  '(select * from colloquy.ledger_entries where tenant_id = $1 and reservation_id = $5 offset 0)',
);

/** A tenant's ledger entries, newest first, with the agents and owners of their tasks. */
export function listLedgerEntries(tenantId: TenantId, query: LedgerQuery): Statement<LedgerRow> {
  const { after, reservationId, limit } = query;
  const values = [uuidOf(tenantId), after?.reservationId ?? null, after?.kind ?? null, limit];
  return reservationId === null
    ? { name: 'list-ledger-entries', text: listLedgerEntriesText, values }
    : { name: 'list-reservation-entries', text: listReservationText, values: [...values, reservationId] };
}
