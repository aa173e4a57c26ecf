import type { TenantId } from '../../kernel/ids.ts';
import type { Budget } from '../budgets/index.ts';

export const alertKinds = ['budget-threshold', 'burn-rate', 'low-credit', 'drift'] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Integers and texts; of drift, the list of what differs. */
export type AlertFacts = Readonly<Record<string, string | number | FoundDrift['drifts']>>;

/** An alert that is due. */
export interface DueAlert {
  readonly tenantId: TenantId;
  /** 32 hex digits, derived from what it is about. */
  readonly alertId: string;
  readonly kind: AlertKind;
  /** Null for an alert about the wallet. */
  readonly budgetName: string | null;
  /** Its figures, as they are stored, shown and sent. */
  readonly facts: AlertFacts;
}

export interface CreditAlert extends Omit<DueAlert, 'tenantId'> {
  readonly raisedAt: Date;
}

/** A window of a budget as it is checked. */
export interface CheckedWindow {
  readonly tenantId: TenantId;
  /** 32 hex digits. */
  readonly windowId: string;
  readonly budget: Pick<
    Budget,
    'name' | 'budgetId' | 'scope' | 'subject' | 'period' | 'mode' | 'alertPercents' | 'burnRateFactor'
  >;
  readonly limitMicrocredits: bigint;
  readonly leftMicrocredits: bigint;
  readonly startsAt: Date;
  /** Null for a budget in total. */
  readonly endsAt: Date | null;
  /** What was left when the burn rate was last measured; null before the first time. */
  readonly sample: { readonly at: Date; readonly leftMicrocredits: bigint } | null;
}

/** A wallet with less available than its tenant wants to have. */
export interface LowWallet {
  readonly tenantId: TenantId;
  readonly availableMicrocredits: bigint;
  readonly lowCreditMicrocredits: bigint;
  /** Grows with every grant, so that a further shortage raises a further alert. */
  readonly grantedMicrocredits: bigint;
}

/** What the reconciler last found of a tenant whose books do not agree. */
export interface FoundDrift {
  readonly tenantId: TenantId;
  readonly checkedAt: Date;
  /** Amounts are texts, which stay exact. */
  readonly drifts: readonly Readonly<Record<'of' | 'expectedMicrocredits' | 'foundMicrocredits', string>>[];
}

/** Everything of some tenants from which alerts follow. */
export interface CreditState {
  readonly windows: readonly CheckedWindow[];
  readonly lowWallets: readonly LowWallet[];
  readonly drifts: readonly FoundDrift[];
  /** When it was read. */
  readonly at: Date;
}
