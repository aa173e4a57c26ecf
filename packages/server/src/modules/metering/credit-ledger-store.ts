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
  /** What is left then expires; null: never. */
  readonly expiresAt: Date | null;
  /** At most so many grants of a tenant may be going to expire. */
  readonly expiringMax: number;
}

/** A new transfer of credits between two tenants. */
export interface NewTransfer {
  readonly fromTenantId: TenantId;
  readonly toTenantId: TenantId;
  /** 32 hex digits; the key that makes a repeat harmless. */
  readonly transferId: string;
  readonly amountMicrocredits: bigint;
  /** As of a grant, of the tenant that receives. */
  readonly grantedMicrocreditsMax: bigint;
}

/** The outcome of a transfer. `transferred` is also the outcome of a repeat, which writes nothing. */
export type TransferOutcome =
  | { readonly kind: 'transferred'; readonly balance: CreditBalance }
  /** The id is in use, with another amount or tenant or for something else. */
  | { readonly kind: 'other-transfer' }
  | { readonly kind: 'insufficient'; readonly availableMicrocredits: bigint }
  | { readonly kind: 'over-limit' };

/** Grants that have expired. Every method rejects with `platform.unavailable` while the database is away. */
export interface GrantLapseStore {
  /** Tenants with such grants, those that expired first before others. */
  findDue(tenantsMax: number): Promise<readonly TenantId[]>;
  /** Moves what is left of them out of the wallet, and resolves with the micro-credits. Without any, it writes nothing. */
  lapse(entry: NewAuditEntry): Promise<bigint>;
}

/** The outcome of a grant. `granted` is also the outcome of a repeat, which writes nothing. */
export type GrantOutcome =
  | { readonly kind: 'granted'; readonly balance: CreditBalance }
  /** The id is in use, with another amount or expiry or for something else. */
  | { readonly kind: 'other-grant' }
  /** The expiry is not ahead. */
  | { readonly kind: 'past' }
  /** Too many grants of the tenant are going to expire. */
  | { readonly kind: 'too-many' }
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
  /** Both entries and both audit entries in one transaction, once for a transfer id. */
  transfer(
    transfer: NewTransfer,
    entries: { readonly out: NewAuditEntry; readonly in: NewAuditEntry },
  ): Promise<TransferOutcome>;
  readBalance(tenantId: TenantId): Promise<CreditBalance>;
  /** In the order (time, reservation, kind) descending; none after an entry that does not exist. */
  listEntries(tenantId: TenantId, query: LedgerQuery): Promise<readonly ListedLedgerEntry[]>;
}
