import type { TaskState } from '@colloquy/protocol';

/** What happens to a task's reservation: `keep` holds it on, `settle` pays all of it, `release` gives all of it back. */
export type ReservationClosing = 'keep' | 'settle' | 'release';

/** Total over the states: a new state does not compile until it says who pays. Only completed work is paid for. */
const closings: Readonly<Record<TaskState, ReservationClosing>> = {
  TASK_STATE_UNSPECIFIED: 'keep',
  TASK_STATE_SUBMITTED: 'keep',
  TASK_STATE_WORKING: 'keep',
  // The work goes on when its caller answers, so its price stays held.
  TASK_STATE_INPUT_REQUIRED: 'keep',
  TASK_STATE_AUTH_REQUIRED: 'keep',
  TASK_STATE_COMPLETED: 'settle',
  TASK_STATE_FAILED: 'release',
  TASK_STATE_CANCELED: 'release',
  TASK_STATE_REJECTED: 'release',
};

/** What a task that is now in `state` does to its reservation. */
export function closingOf(state: TaskState): ReservationClosing {
  return closings[state];
}

/** Whether a wallet can hold a price. A price of zero always fits and writes no ledger entry. */
export function canReserve(availableMicrocredits: bigint, priceMicrocredits: bigint): boolean {
  return priceMicrocredits >= 0n && priceMicrocredits <= availableMicrocredits;
}
