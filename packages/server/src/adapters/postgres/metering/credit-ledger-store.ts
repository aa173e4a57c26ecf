import { uuidOf } from '../../../kernel/ids.ts';
import type { CreditBalance, CreditLedgerStore } from '../../../modules/metering/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { findGrant } from './find-grant.ts';
import { insertGrant } from './insert-grant.ts';
import { listLedgerEntries } from './list-ledger-entries.ts';
import { readWallet } from './read-wallet.ts';
import type { WalletRow } from './read-wallet.ts';

/** Wallets and ledger in PostgreSQL, over a pool of the application's role. */
export function createCreditLedgerStore(pool: DatabasePool): CreditLedgerStore {
  return {
    async grant(grant, entry) {
      const { tenantId, grantId, amountMicrocredits } = grant;
      // Each statement has its own snapshot, so the second sees the grant of whoever came first.
      const statements = [insertGrant(grant, entry), findGrant(tenantId, grantId), readWallet(tenantId)] as const;
      const [, found, wallet] = await untilKnown(() =>
        inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements),
      );
      const [standing] = found.rows;
      if (standing === undefined) return { kind: 'over-limit' };
      if (standing.amount_microcredits !== amountMicrocredits) return { kind: 'other-amount' };
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
      }));
    },
  };
}

function balanceOf(row: WalletRow | undefined): CreditBalance {
  if (row === undefined) throw new Error('The tenant has no wallet.');
  return {
    grantedMicrocredits: row.granted_microcredits,
    availableMicrocredits: row.available_microcredits,
    reservedMicrocredits: row.reserved_microcredits,
    usedMicrocredits: row.used_microcredits,
  };
}
