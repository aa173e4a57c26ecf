import type { JsonValue, Part, StreamResponse, Task, TaskState } from '@colloquy/protocol';
import type { TaskCost, TaskRow } from '../../tasks/index.ts';
import { skillIdOf } from '../send/route-rules.ts';

/** The states of a task in the skill API: `timeout` is a failure by a deadline, and `cancelled` has two l. */
export const calledStates = [
  'submitted',
  'working',
  'input-required',
  'auth-required',
  'completed',
  'failed',
  'cancelled',
  'rejected',
  'timeout',
] as const;

export type CalledState = (typeof calledStates)[number];

/** Where an agent's result violates the output schema of its skill. */
export interface OutputViolation {
  /** JSON pointer into the outputs (RFC 6901); empty for the whole. */
  readonly field: string;
  readonly description: string;
}

/** A task as the caller of a skill sees it. */
export interface CalledTask {
  readonly taskId: string;
  /** Id of the skill; null when the message named none. */
  readonly type: string | null;
  /** Null for a task whose message had no data. */
  readonly inputs: JsonValue | null;
  readonly tenantSlug: string;
  readonly requesterId: string;
  readonly agentName: string;
  readonly contextId: string;
  readonly status: CalledState;
  /** The newest data part of the result; undefined for none. */
  readonly outputs: JsonValue | undefined;
  /** The text of the result; empty for none. */
  readonly text: string;
  readonly outputViolations: readonly OutputViolation[];
  /** Why the task failed; null when it did not. */
  readonly error: CalledFailure | null;
  readonly cost: TaskCost;
  readonly deadlineAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Null while the task has not ended. */
  readonly completedAtMs: number | null;
}

/** Why a called task failed. */
export interface CalledFailure {
  readonly code: string;
  readonly message: string;
  /** The pause that its agent requested. */
  readonly retryAfterMs?: number;
}

/** A change of a called task, as its stream shows it. */
export interface CalledEvent {
  readonly taskId: string;
  readonly status?: CalledState;
  /** When the task reached that status. */
  readonly timestamp?: string;
  readonly outputs?: JsonValue;
  readonly text?: string;
}

const stateWords: Readonly<Record<TaskState, CalledState>> = {
  TASK_STATE_UNSPECIFIED: 'working',
  TASK_STATE_SUBMITTED: 'submitted',
  TASK_STATE_WORKING: 'working',
  TASK_STATE_INPUT_REQUIRED: 'input-required',
  TASK_STATE_AUTH_REQUIRED: 'auth-required',
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'cancelled',
  TASK_STATE_REJECTED: 'rejected',
};
const byTime: ReadonlySet<unknown> = new Set(['task.deadline-passed', 'task.expired', 'upstream.timeout']);

/** The state in the skill API; a failure by a deadline is a `timeout`. */
export function calledState(state: TaskState, errorCode: unknown): CalledState {
  return state === 'TASK_STATE_FAILED' && byTime.has(errorCode) ? 'timeout' : stateWords[state];
}

/** The result of a task: data and text. */
export function givenBy({ artifacts, status }: Task): Pick<CalledTask, 'outputs' | 'text'> {
  const last = status.state === 'TASK_STATE_COMPLETED' ? (status.message?.parts ?? []) : [];
  const ofArtifacts = (artifacts ?? []).flatMap(({ parts }) => parts);
  const given = partsTell(ofArtifacts);
  return given.outputs === undefined && given.text === '' ? partsTell(last) : given;
}

function partsTell(parts: readonly Part[]): Pick<CalledTask, 'outputs' | 'text'> {
  return {
    outputs: parts.findLast(({ data }) => data !== undefined)?.data,
    text: parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join(''),
  };
}

/** The skill and the inputs of a task. */
export function askedOf({ history }: Task): Pick<CalledTask, 'type' | 'inputs'> {
  const [first] = history ?? [];
  if (first === undefined) return { type: null, inputs: null };
  return { type: skillIdOf(first), inputs: first.parts.find(({ data }) => data !== undefined)?.data ?? null };
}

/** Why a task failed, as the platform or its agent reported. */
export function errorOf({ status }: Task, { errorCode }: Pick<TaskRow, 'errorCode'>): CalledTask['error'] {
  if (status.state !== 'TASK_STATE_FAILED' && status.state !== 'TASK_STATE_REJECTED') return null;
  // The log may be newer than the row.
  const told = status.message?.metadata?.['errorCode'];
  const code = errorCode ?? (typeof told === 'string' ? told : 'upstream.task-failed');
  const retryAfterMs = status.message?.metadata?.['retryAfterMs'];
  const isOurs = typeof told === 'string' && typeof retryAfterMs === 'number';
  return { code, message: partsTell(status.message?.parts ?? []).text, ...(isOurs ? { retryAfterMs } : {}) };
}

/** One event of a task's log for a caller of a skill. */
export function calledEvent(taskId: string, { task, statusUpdate, artifactUpdate }: StreamResponse): CalledEvent {
  if (artifactUpdate !== undefined) return { taskId, ...shown(partsTell(artifactUpdate.artifact.parts)) };
  const status = task?.status ?? statusUpdate?.status;
  if (status === undefined) return { taskId };
  const errorCode = status.message?.metadata?.['errorCode'];
  return {
    taskId,
    status: calledState(status.state, errorCode),
    ...(status.timestamp === undefined ? {} : { timestamp: status.timestamp }),
    ...(task === undefined ? shown(partsTell(status.message?.parts ?? [])) : {}),
  };
}

function shown({ outputs, text }: Pick<CalledTask, 'outputs' | 'text'>): Pick<CalledEvent, 'outputs' | 'text'> {
  return { ...(outputs === undefined ? {} : { outputs }), ...(text === '' ? {} : { text }) };
}
