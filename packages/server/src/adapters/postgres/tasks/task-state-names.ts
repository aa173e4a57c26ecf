import { taskStates } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';

const names = {
  TASK_STATE_SUBMITTED: 'submitted',
  TASK_STATE_WORKING: 'working',
  TASK_STATE_INPUT_REQUIRED: 'input-required',
  TASK_STATE_AUTH_REQUIRED: 'auth-required',
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'canceled',
  TASK_STATE_REJECTED: 'rejected',
} as const satisfies Record<Exclude<TaskState, 'TASK_STATE_UNSPECIFIED'>, string>;

/** The state as the `tasks` table spells it. */
export function stateName(state: TaskState): string {
  if (state === 'TASK_STATE_UNSPECIFIED') throw new TypeError('No task is stored without a state.');
  return names[state];
}

/** The state a column value stands for. */
export function stateOfName(name: string): TaskState {
  const state = taskStates.find((one) => one !== 'TASK_STATE_UNSPECIFIED' && names[one] === name);
  if (state === undefined) throw new TypeError(`The database holds an unknown task state: ${name}`);
  return state;
}
