import type { TenantId } from '../../kernel/ids.ts';

/** Amounts in micro-credits, all at one moment: granted + overage = available + reserved + used + expired, and none is negative. */
export interface CreditBalance {
  readonly grantedMicrocredits: bigint;
  readonly availableMicrocredits: bigint;
  readonly reservedMicrocredits: bigint;
  readonly usedMicrocredits: bigint;
  /** What was left of grants that have expired. */
  readonly expiredMicrocredits: bigint;
  /** Used beyond what was granted: what the tenant owes. */
  readonly overageMicrocredits: bigint;
}

/** The accounts between which an entry moves credits. `granted` and `overage` are the sources: they grow by what leaves them. */
export type CreditAccount = 'granted' | 'available' | 'reserved' | 'used' | 'expired' | 'overage';

/** What each kind of entry moves: what leaves one account enters another, so every entry sums to zero. */
export const ledgerMoves = {
  grant: { from: 'granted', to: 'available' },
  reserve: { from: 'available', to: 'reserved' },
  settle: { from: 'reserved', to: 'used' },
  release: { from: 'reserved', to: 'available' },
  // The time of a task ran out while it waited.
  expire: { from: 'reserved', to: 'available' },
  // The task cost more than was reserved for it.
  charge: { from: 'available', to: 'used' },
  overage: { from: 'overage', to: 'used' },
  // The next grant pays what is owed first.
  repay: { from: 'available', to: 'overage' },
  // A grant has expired.
  lapse: { from: 'available', to: 'expired' },
  'transfer-out': { from: 'available', to: 'granted' },
  'transfer-in': { from: 'granted', to: 'available' },
} as const satisfies Readonly<Record<string, { readonly from: CreditAccount; readonly to: CreditAccount }>>;

export type LedgerEntryKind = keyof typeof ledgerMoves;

/** Kinds whose reservation id is the id of a task. */
const taskKinds: ReadonlySet<LedgerEntryKind> = new Set([
  'reserve',
  'settle',
  'release',
  'expire',
  'charge',
  'overage',
]);

export function isOfTask(kind: LedgerEntryKind): boolean {
  return taskKinds.has(kind);
}

export interface LedgerEntry {
  readonly tenantId: TenantId;
  readonly kind: LedgerEntryKind;
  /** 32 hex digits: the id of the task, the grant or the transfer. One entry of a kind for each. */
  readonly reservationId: string;
  readonly amountMicrocredits: bigint;
  readonly createdAt: Date;
}

/** A ledger entry with the task that it is about. */
export interface ListedLedgerEntry extends LedgerEntry {
  /** Null for a grant or a transfer. */
  readonly task: { readonly agentName: string; readonly ownerId: string } | null;
}
