import type { TaskState } from '@colloquy/protocol';

/** What happens to a task's reservation: `keep` holds it, `settle` charges all of it, `release` returns all of it. */
export type ReservationClosing = 'keep' | 'settle' | 'release';

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

/** What happens to the reservation of a task in this state. */
export function closingOf(state: TaskState): ReservationClosing {
  return closings[state];
}

/** Whether a wallet can hold a price. A price of zero always fits and writes no ledger entry. */
export function canReserve(availableMicrocredits: bigint, priceMicrocredits: bigint): boolean {
  return priceMicrocredits >= 0n && priceMicrocredits <= availableMicrocredits;
}
