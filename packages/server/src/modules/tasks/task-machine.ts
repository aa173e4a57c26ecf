import type { TaskState } from '@colloquy/protocol';

/** What can happen to a task. `report`: the agent reports a state. `resume`: the agent goes on without a further message. The others are the platform's. */
export type TaskChange = 'report' | 'continue' | 'resume' | 'cancel' | 'take-over' | 'expire';

/** What a change does in a state: go on, wait for another state, be refused, or have no effect because another outcome was first. */
export type TaskVerdict = 'allowed' | 'delayed' | 'refused' | 'ignored';

const active = {
  report: 'allowed',
  continue: 'delayed',
  resume: 'ignored',
  cancel: 'allowed',
  'take-over': 'allowed',
  expire: 'ignored',
} as const;
const interrupted = {
  report: 'ignored',
  continue: 'allowed',
  resume: 'ignored',
  cancel: 'allowed',
  'take-over': 'ignored',
  expire: 'allowed',
} as const;
const ended = {
  report: 'ignored',
  continue: 'refused',
  resume: 'ignored',
  cancel: 'refused',
  'take-over': 'ignored',
  expire: 'ignored',
} as const;

/** States × changes. Total: a new state or change does not compile until it is answered. See docs/specs/task-lifecycle.md. */
export const taskMachine: Readonly<Record<TaskState, Readonly<Record<TaskChange, TaskVerdict>>>> = {
  TASK_STATE_UNSPECIFIED: ended,
  TASK_STATE_SUBMITTED: active,
  TASK_STATE_WORKING: active,
  TASK_STATE_INPUT_REQUIRED: interrupted,
  // The authorization may be given elsewhere, to the agent itself (A2A 1.0 section 7.6).
  TASK_STATE_AUTH_REQUIRED: { ...interrupted, resume: 'allowed' },
  TASK_STATE_COMPLETED: ended,
  TASK_STATE_FAILED: ended,
  TASK_STATE_REJECTED: ended,
  // Cancel is idempotent: a second one answers the canceled task.
  TASK_STATE_CANCELED: { ...ended, cancel: 'ignored' },
};

/** Whether a node holds a lease on a task in this state. */
export function holdsLease(state: TaskState): boolean {
  return taskMachine[state]['take-over'] === 'allowed';
}
