import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type {
  CreditBalance,
  CreditLedgerStore,
  LedgerEntryKind,
  LedgerQuery,
} from '../../../modules/metering/index.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { countSpent, findTransfer, insertGrant, moveCredits } from './grant-statements.ts';

/** Wallets and ledger in PostgreSQL, over a pool of the application's role. */
export function createCreditLedgerStore(pool: DatabasePool): CreditLedgerStore {
  return {
    async grant(grant, entry) {
      const { tenantId, grantId, amountMicrocredits } = grant;
      // Each statement has its own snapshot, so each sees what was written before it.
      const statements = [
        lockWallets([uuidOf(tenantId)]),
        countSpent(tenantId),
        insertGrant(grant, entry),
        findGrant(tenantId, grantId),
        readWallet(tenantId),
      ] as const;
      const [, , inserted, found, wallet] = await untilKnown(() =>
        inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements),
      );
      const [former] = found.rows;
      if (former === undefined) {
        const [judged] = inserted.rows;
        if (judged?.is_taken === true) return { kind: 'other-grant' };
        return { kind: judged?.is_ahead === false ? 'past' : judged?.has_room === false ? 'too-many' : 'over-limit' };
      }
      const isSame =
        former.amount_microcredits === amountMicrocredits &&
        (former.expires_at?.getTime() ?? null) === (grant.expiresAt?.getTime() ?? null);
      if (!isSame) return { kind: 'other-grant' };
      return { kind: 'granted', balance: balanceOf(wallet.rows[0]) };
    },
    async transfer(transfer, entries) {
      const { fromTenantId, toTenantId } = transfer;
      const tenantIds = [uuidOf(fromTenantId), uuidOf(toTenantId)];
      const statements = [
        lockWallets(tenantIds),
        countSpent(fromTenantId),
        countSpent(toTenantId),
        moveCredits(transfer, entries),
        findTransfer(transfer),
        readWallet(fromTenantId),
      ] as const;
      const [, , , moved, found, wallet] = await untilKnown(() => inTransaction(pool, { tenantIds }, statements));
      if (found.rows[0]?.is_same === true) return { kind: 'transferred', balance: balanceOf(wallet.rows[0]) };
      const [judged] = moved.rows;
      if (judged?.is_known === true) return { kind: 'other-transfer' };
      return judged?.is_covered === false
        ? { kind: 'insufficient', availableMicrocredits: judged.available }
        : { kind: 'over-limit' };
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

export function balanceOf(row: WalletRow | undefined): CreditBalance {
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

export interface WalletRow {
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
  select e.amount_microcredits, g.expires_at from colloquy.ledger_entries e
  left join colloquy.credit_grants g on g.tenant_id = e.tenant_id and g.grant_id = e.reservation_id
  where e.tenant_id = $1 and e.reservation_id = $2 and e.kind = 'grant'`;

interface GrantRow {
  readonly amount_microcredits: bigint;
  readonly expires_at: Date | null;
}

/** A grant; no row when there is none. */
function findGrant(tenantId: TenantId, grantId: string): Statement<GrantRow> {
  return { name: 'find-grant', text: findGrantText, values: [uuidOf(tenantId), grantId] };
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
