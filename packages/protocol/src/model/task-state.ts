/** Every task state of A2A 1.0 (`TaskState`), indexed by its protobuf number. */
export const taskStates = [
  'TASK_STATE_UNSPECIFIED',
  'TASK_STATE_SUBMITTED',
  'TASK_STATE_WORKING',
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_REJECTED',
  'TASK_STATE_AUTH_REQUIRED',
] as const;

/** The state of a task. `TASK_STATE_UNSPECIFIED` is never sent; as a ListTasks filter it means "no filter". */
export type TaskState = (typeof taskStates)[number];

/** What a state allows: `active` work goes on, `interrupted` waits for the caller, `terminal` never changes again. */
export type TaskStateClass = 'unspecified' | 'active' | 'interrupted' | 'terminal';

const classes: Readonly<Record<TaskState, TaskStateClass>> = {
  TASK_STATE_UNSPECIFIED: 'unspecified',
  TASK_STATE_SUBMITTED: 'active',
  TASK_STATE_WORKING: 'active',
  TASK_STATE_COMPLETED: 'terminal',
  TASK_STATE_FAILED: 'terminal',
  TASK_STATE_CANCELED: 'terminal',
  TASK_STATE_INPUT_REQUIRED: 'interrupted',
  TASK_STATE_REJECTED: 'terminal',
  TASK_STATE_AUTH_REQUIRED: 'interrupted',
};

/** The class of a state; total over the union. */
export function taskStateClass(state: TaskState): TaskStateClass {
  return classes[state];
}

/** Completed, failed, canceled or rejected: the task has ended and accepts nothing more. */
export function isTerminal(state: TaskState): boolean {
  return classes[state] === 'terminal';
}

/** Input-required or auth-required: the task waits for its caller, and a blocking send answers. */
export function isInterrupted(state: TaskState): boolean {
  return classes[state] === 'interrupted';
}

/** Submitted or working: the agent owes the next event. */
export function isActive(state: TaskState): boolean {
  return classes[state] === 'active';
}
