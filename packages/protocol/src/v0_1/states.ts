import type { Fields } from '../codec/index.ts';
import type { TaskState } from '../model/index.ts';

/** The states of A2A 0.1 and what they are in the model. `unknown` tells nothing, so it is none that a task can be in. */
const stateNames: ReadonlyMap<string, TaskState> = new Map<string, TaskState>([
  ['submitted', 'TASK_STATE_SUBMITTED'],
  ['working', 'TASK_STATE_WORKING'],
  ['input-required', 'TASK_STATE_INPUT_REQUIRED'],
  ['completed', 'TASK_STATE_COMPLETED'],
  ['canceled', 'TASK_STATE_CANCELED'],
  ['failed', 'TASK_STATE_FAILED'],
]);

/** A state as A2A 0.1 says it: it has no rejection and no wait for credentials. */
const wireStates: Readonly<Record<TaskState, string>> = {
  TASK_STATE_UNSPECIFIED: 'unknown',
  TASK_STATE_SUBMITTED: 'submitted',
  TASK_STATE_WORKING: 'working',
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'canceled',
  TASK_STATE_INPUT_REQUIRED: 'input-required',
  TASK_STATE_REJECTED: 'failed',
  TASK_STATE_AUTH_REQUIRED: 'input-required',
};

/** Reads a required state in place. */
export function stateFrom(fields: Fields): TaskState {
  const name = fields.requiredString('state');
  const state = stateNames.get(name);
  if (state !== undefined) return state;
  if (name !== '') fields.violate('state', `must be one of ${[...stateNames.keys()].join(', ')}`);
  return 'TASK_STATE_UNSPECIFIED';
}

/** The wire's name of a state. */
export function wireStateOf(state: TaskState): string {
  return wireStates[state];
}
