import type { TaskState } from '@colloquy/protocol';
import type { CreditBalance } from './credit-ledger.ts';
import type { CreditSettings } from './credit-settings.ts';

/**
 * What happens to a task's reservation: `keep` holds it, `settle` charges it, `release` returns all of it, and `expire` returns all of it because the
 * task's time ran out while it waited.
 */
export type ReservationClosing = 'keep' | 'settle' | 'release' | 'expire';

/** Total over the states: a new state does not compile without an entry here. Only completed work is charged. */
const closings: Readonly<Record<TaskState, ReservationClosing>> = {
  TASK_STATE_UNSPECIFIED: 'keep',
  TASK_STATE_SUBMITTED: 'keep',
  TASK_STATE_WORKING: 'keep',
  // The work goes on when the caller answers, so its price stays reserved.
  TASK_STATE_INPUT_REQUIRED: 'keep',
  TASK_STATE_AUTH_REQUIRED: 'keep',
  TASK_STATE_COMPLETED: 'settle',
  TASK_STATE_FAILED: 'release',
  TASK_STATE_CANCELED: 'release',
  TASK_STATE_REJECTED: 'release',
};

/** What happens to the reservation of a task in this state. `hasExpired`: its time ran out while it waited for its caller or for a slot. */
export function closingOf(state: TaskState, hasExpired = false): ReservationClosing {
  const closing = closings[state];
  return closing === 'release' && hasExpired ? 'expire' : closing;
}

/** Whether a wallet can hold a price. A price of zero always fits and writes no ledger entry. */
export function canReserve(availableMicrocredits: bigint, priceMicrocredits: bigint): boolean {
  return priceMicrocredits >= 0n && priceMicrocredits <= availableMicrocredits;
}

/** How a measured price above the reservation is paid. */
export interface ExcessPayment {
  /** From what is available. */
  readonly chargedMicrocredits: bigint;
  /** On credit, up to what the tenant may owe. */
  readonly owedMicrocredits: bigint;
  /** Not paid; the audit entry of the task tells the amount. */
  readonly uncollectedMicrocredits: bigint;
}

/** How what a task cost above its reservation is paid: `cap` collects none of it, `debit` first what is available, then what may be owed. */
export function payExcess(
  excessMicrocredits: bigint,
  wallet: Pick<CreditBalance, 'availableMicrocredits' | 'overageMicrocredits'>,
  policy: Pick<CreditSettings, 'overagePolicy' | 'overageMaxMicrocredits'>,
): ExcessPayment {
  if (policy.overagePolicy === 'cap') {
    return { chargedMicrocredits: 0n, owedMicrocredits: 0n, uncollectedMicrocredits: excessMicrocredits };
  }
  const chargedMicrocredits = least(excessMicrocredits, wallet.availableMicrocredits);
  const rest = excessMicrocredits - chargedMicrocredits;
  const owable = policy.overageMaxMicrocredits - wallet.overageMicrocredits;
  const owedMicrocredits = owable > 0n ? least(rest, owable) : 0n;
  return { chargedMicrocredits, owedMicrocredits, uncollectedMicrocredits: rest - owedMicrocredits };
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
