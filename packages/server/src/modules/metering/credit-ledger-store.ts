import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { CreditBalance, LedgerEntryKind, ListedLedgerEntry } from './credit-ledger.ts';

/** A new grant. */
export interface NewGrant {
  readonly tenantId: TenantId;
  /** 32 hex digits; the key that makes a repeat harmless. */
  readonly grantId: string;
  readonly amountMicrocredits: bigint;
  /** The wallet may have been granted this much in all, so that balances stay exact JSON numbers. */
  readonly grantedMicrocreditsMax: bigint;
}

/** The outcome of a grant. `granted` is also the outcome of a repeat, which writes nothing. */
export type GrantOutcome =
  | { readonly kind: 'granted'; readonly balance: CreditBalance }
  | { readonly kind: 'other-amount' }
  | { readonly kind: 'over-limit' };

/** The requested ledger entries, newest first. */
export interface LedgerQuery {
  /** Entries after this one; null for the newest. */
  readonly after: { readonly reservationId: string; readonly kind: LedgerEntryKind } | null;
  /** Only the entries of this reservation (32 hex digits); null for all. */
  readonly reservationId: string | null;
  /** Maximum number of entries; at least 1. */
  readonly limit: number;
}

/**
 * Wallets and their ledger. Promises of an implementation: a grant writes its ledger entry, the wallet and the audit entry in one
 * transaction and only once for a grant id, also when the same grant runs many times at once; the wallet always equals the sum of
 * its entries; no method shows another tenant's credits.
 */
export interface CreditLedgerStore {
  grant(grant: NewGrant, audit: NewAuditEntry): Promise<GrantOutcome>;
  readBalance(tenantId: TenantId): Promise<CreditBalance>;
  /** In the order (time, reservation, kind) descending; none after an entry that does not exist. */
  listEntries(tenantId: TenantId, query: LedgerQuery): Promise<readonly ListedLedgerEntry[]>;
}
