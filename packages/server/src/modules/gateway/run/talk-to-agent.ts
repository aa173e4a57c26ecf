import type { StreamResponse } from '@colloquy/protocol';
import { pause } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { repeatsAnsweredQuestion, withoutAnsweredQuestion } from './answered-question.ts';
import type { CallObservation } from './call-observer.ts';
import type { TaskRun } from './task-run.ts';
import { translateAnswer } from './translate-answer.ts';
import type { Draft } from './translate-answer.ts';
import type { AttemptDeadlines } from './attempt-deadlines.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from './upstream.ts';

/** One exchange with an agent about a task: its answers go into the log of the run. */
export interface Talk {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly run: TaskRun;
  readonly call: UpstreamCall;
  readonly observation: CallObservation;
  /** Null when the policy sets none. */
  readonly deadlines: AttemptDeadlines | null;
  /** Holds back the failure that the agent reports when another agent may still do the work; false when none may. */
  readonly holdBack: (drafts: readonly Draft[]) => boolean;
}

/** An answer outside an exchange is not observed, and its failure is not held back. */
type AcceptingTalk = Pick<Talk, 'clock' | 'run'> & Partial<Pick<Talk, 'observation' | 'deadlines' | 'holdBack'>>;

const pollDelayMsMin = 250;
/** The longest pause between two polls of an agent that reports nothing new. */
export const pollDelayMsMax = 5_000;

/** Sends a message to the agent, and accepts its answers. */
export async function say(talk: Talk, message: UpstreamMessage): Promise<void> {
  const { upstream, call } = talk;
  if (call.route.streaming && (await isPumped(talk, upstream.stream(call, message), isWithoutStreams))) return;
  await acceptWhole(talk, await upstream.send(call, message));
}

/** Follows a task that the agent already has: by its stream, or by polling. */
export async function attach(talk: Talk, upstreamTaskId: string): Promise<void> {
  const { upstream, clock, run, call } = talk;
  await acceptWhole(talk, { task: await upstream.getTask(call, upstreamTaskId) });
  if (run.isOver) return;
  // A task that ended a moment ago can not be subscribed to (A2A 1.0 section 3.1.6), and some agents stream nothing but a send.
  if (call.route.streaming && (await isPumped(talk, upstream.subscribe(call, upstreamTaskId), isRefusal))) return;
  for (let delayMs = pollDelayMsMin; !run.isOver; delayMs = Math.min(delayMs * 2, pollDelayMsMax)) {
    await pause(clock, delayMs, call.signal);
    if (call.signal.aborted) throw new PlatformError('request.canceled');
    await acceptWhole(talk, { task: await upstream.getTask(call, upstreamTaskId) });
  }
}

/** Reads a stream to its end. False when the agent refused to begin it, and can be asked in another way. */
async function isPumped(
  talk: Talk,
  source: AsyncIterable<StreamResponse>,
  isRefused: (error: PlatformError) => boolean,
): Promise<boolean> {
  const { run } = talk;
  const { acceptedCount } = run;
  try {
    await pump(talk, source);
    return true;
  } catch (error) {
    if (run.isOver || run.acceptedCount !== acceptedCount || !isRefused(asPlatformError(error))) throw error;
    return false;
  }
}

function isRefusal({ code }: PlatformError): boolean {
  return code === 'upstream.refused';
}

/** An agent that does not know the method has done nothing, whatever its card says. */
export function isWithoutStreams({ code, details }: PlatformError): boolean {
  return code === 'upstream.refused' && streamlessNames.has(details['agentError'] ?? '');
}

const streamlessNames: ReadonlySet<string> = new Set([
  'MethodNotFoundError',
  'UnsupportedOperationError',
  'UNSUPPORTED_OPERATION',
]);

export async function pump(talk: Talk, source: AsyncIterable<StreamResponse>): Promise<void> {
  const { run } = talk;
  let isFirst = true;
  for await (const item of source) {
    if (item.task !== undefined && run.isLean) await run.recall();
    const isOld = isFirst && repeatsAnsweredQuestion(run.task, item);
    isFirst = false;
    if (isOld) continue;
    accept(talk, item.task === undefined ? item : withoutAnsweredQuestion(run.task, item));
    if (run.isOver) return;
    await run.settleBackpressure();
  }
}

/** As `accept`, for an answer that may be a snapshot: it is compared with the whole task. */
async function acceptWhole(talk: Talk, answer: StreamResponse): Promise<void> {
  if (answer.task !== undefined && talk.run.isLean) await talk.run.recall();
  accept(talk, answer);
}

/** Throws `upstream.invalid-answer` for an answer about another task: it must not get into this task's log. */
export function accept({ clock, run, observation, deadlines, holdBack }: AcceptingTalk, answer: StreamResponse): void {
  const nowIso = new Date(clock.nowMs()).toISOString();
  // Folding the task costs time, and only a snapshot is compared with the current task.
  const task = answer.task === undefined ? run.earlier : run.task;
  const answered = translateAnswer({ task, contextId: task.contextId ?? '', nowIso }, answer);
  observation?.heard();
  deadlines?.heard();
  if (answered.upstreamTaskId !== null) run.rememberUpstreamTask(answered.upstreamTaskId);
  if (answered.upstreamTaskId !== null && answered.upstreamTaskId !== run.upstreamTaskId)
    throw new PlatformError('upstream.invalid-answer');
  if (answered.events.some(({ state }) => isFailure(state)) && holdBack?.(answered.events) === true)
    throw new PlatformError('upstream.task-failed');
  run.accept(answered.events);
}

function isFailure(state: Draft['state']): boolean {
  return state === 'TASK_STATE_FAILED' || state === 'TASK_STATE_REJECTED';
}
