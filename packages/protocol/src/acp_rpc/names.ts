import type { Fields } from '../codec/index.ts';
import type { TaskState } from '../model/index.ts';

/** Every status of a task on this wire. */
export const taskStatuses = ['SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'COMPLETED', 'FAILED', 'CANCELED'] as const;

/** The status of a task on this wire. */
export type AcpRpcTaskStatus = (typeof taskStatuses)[number];

/** Every priority of a task, lowest first. */
export const priorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;

/** How urgent a task is. */
export type AcpRpcPriority = (typeof priorities)[number];

/** Every event that a subscription can ask for. */
export const subscriptionEvents = ['STATUS_CHANGE', 'NEW_MESSAGE', 'NEW_ARTIFACT', 'COMPLETED', 'FAILED'] as const;

/** An event of a task that a subscriber is notified of. */
export type AcpRpcEvent = (typeof subscriptionEvents)[number];

/** The member of the model's metadata that holds what A2A has no field for. */
export function mark(name: string): string {
  return `acp.${name}`;
}

/** The model's state that this wire has no word for, so that the way back is exact. */
export const stateMark = 'acp.a2aState';

const statuses: Readonly<Record<TaskState, AcpRpcTaskStatus>> = {
  TASK_STATE_UNSPECIFIED: 'WORKING',
  TASK_STATE_SUBMITTED: 'SUBMITTED',
  TASK_STATE_WORKING: 'WORKING',
  TASK_STATE_COMPLETED: 'COMPLETED',
  TASK_STATE_FAILED: 'FAILED',
  TASK_STATE_CANCELED: 'CANCELED',
  TASK_STATE_INPUT_REQUIRED: 'INPUT_REQUIRED',
  TASK_STATE_REJECTED: 'FAILED',
  TASK_STATE_AUTH_REQUIRED: 'INPUT_REQUIRED',
};

/** The status of this wire for a state of the model; total. */
export function statusOf(state: TaskState): AcpRpcTaskStatus {
  return statuses[state];
}

/** Whether a state needs {@link stateMark} to come back. */
export function isMarkedState(state: unknown): state is 'TASK_STATE_REJECTED' | 'TASK_STATE_AUTH_REQUIRED' {
  return state === 'TASK_STATE_REJECTED' || state === 'TASK_STATE_AUTH_REQUIRED';
}

/** The state of the model for a status of this wire and the mark beside it, where the two agree. */
export function stateOf(status: AcpRpcTaskStatus, marked: unknown): TaskState {
  return isMarkedState(marked) && statuses[marked] === status ? marked : `TASK_STATE_${status}`;
}

/** One of the words that a member may have; absent is undefined. */
export function optionalWord<T extends string>(fields: Fields, name: string, words: readonly T[]): T | undefined {
  const value = fields.value(name);
  if (value === undefined) return undefined;
  const word = words.find((known) => known === value);
  if (word === undefined) fields.violate(name, `must be one of ${words.join(', ')}`);
  return word;
}

/** One of the words that a member must have. */
export function requiredWord<T extends string>(fields: Fields, name: string, words: readonly [T, ...T[]]): T {
  if (fields.value(name) === undefined) fields.violate(name, 'is required');
  return optionalWord(fields, name, words) ?? words[0];
}
