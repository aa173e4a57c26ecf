import type { JsonValue, Part, StreamResponse, Task, TaskState } from '@colloquy/protocol';
import type { TaskRow } from '../../tasks/index.ts';
import { skillIdOf } from '../send/skill-id-of.ts';

/** The states of a task as callers of skills know them: `timeout` is a failure by time, and `cancelled` has two l. */
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

/** Where what an agent gave breaks the schema of its skill. */
export interface OutputViolation {
  /** JSON pointer into the outputs (RFC 6901); empty for the whole. */
  readonly field: string;
  readonly description: string;
}

/** A task as the caller of a skill sees it. */
export interface CalledTask {
  readonly taskId: string;
  /** Id of the skill; null for a task that was sent for none. */
  readonly type: string | null;
  /** Null for a task whose message had no data. */
  readonly inputs: JsonValue | null;
  readonly tenantSlug: string;
  readonly requesterId: string;
  readonly agentName: string;
  readonly contextId: string;
  readonly status: CalledState;
  /** The newest data that the agent gave; undefined for none. */
  readonly outputs: JsonValue | undefined;
  /** What the agent gave in words; empty for nothing. */
  readonly text: string;
  readonly outputViolations: readonly OutputViolation[];
  /** Why it failed; null for others. */
  readonly error: CalledFailure | null;
  readonly deadlineAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Null while it goes on. */
  readonly completedAtMs: number | null;
}

/** Why a called task failed. */
export interface CalledFailure {
  readonly code: string;
  readonly message: string;
  /** Its agent asked to be left alone for so long. */
  readonly retryAfterMs?: number;
}

/** A change of a called task, as its stream tells it. */
export interface CalledEvent {
  readonly taskId: string;
  readonly status?: CalledState;
  /** When it came to that status. */
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

/** The state in words; a failure because time was over is a `timeout`. */
export function calledState(state: TaskState, errorCode: unknown): CalledState {
  return state === 'TASK_STATE_FAILED' && byTime.has(errorCode) ? 'timeout' : stateWords[state];
}

/** What a task gave, in data and in words. */
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

/** What a task was asked for. */
export function askedOf({ history }: Task): Pick<CalledTask, 'type' | 'inputs'> {
  const [first] = history ?? [];
  if (first === undefined) return { type: null, inputs: null };
  return { type: skillIdOf(first), inputs: first.parts.find(({ data }) => data !== undefined)?.data ?? null };
}

/** Why a task failed, in the platform's or its agent's words. */
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
