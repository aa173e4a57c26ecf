import type { TenantId } from '../../kernel/ids.ts';

/** Amounts in micro-credits, all at one moment: granted = available + reserved + used. */
export interface CreditBalance {
  readonly grantedMicrocredits: bigint;
  readonly availableMicrocredits: bigint;
  readonly reservedMicrocredits: bigint;
  readonly usedMicrocredits: bigint;
}

/** The accounts between which an entry moves credits. `granted` stands for the outside: it only gives. */
export type CreditAccount = 'granted' | 'available' | 'reserved' | 'used';

export type LedgerEntryKind = 'grant' | 'reserve' | 'settle' | 'release';

/** What each kind of entry moves: what leaves one account enters another, so every entry sums to zero. */
export const ledgerMoves: Readonly<
  Record<LedgerEntryKind, { readonly from: CreditAccount; readonly to: CreditAccount }>
> = {
  grant: { from: 'granted', to: 'available' },
  reserve: { from: 'available', to: 'reserved' },
  settle: { from: 'reserved', to: 'used' },
  release: { from: 'reserved', to: 'available' },
};

export interface LedgerEntry {
  readonly tenantId: TenantId;
  readonly kind: LedgerEntryKind;
  /** 32 hex digits: of a grant, the grant's id; otherwise the digits of the task's id. One entry of a kind for each. */
  readonly reservationId: string;
  readonly amountMicrocredits: bigint;
  readonly createdAt: Date;
}

/** A ledger entry with the task that it is about. */
export interface ListedLedgerEntry extends LedgerEntry {
  /** Null for a grant. */
  readonly task: { readonly agentName: string; readonly ownerId: string } | null;
}
