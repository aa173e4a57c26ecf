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

/** One exchange with an agent about a task: what is heard goes into the log of the run. */
export interface Talk {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly run: TaskRun;
  readonly call: UpstreamCall;
  readonly observation: CallObservation;
  /** Null when the exchange may take as long as any. */
  readonly deadlines: AttemptDeadlines | null;
  /** Keeps the end of a failed task from the log when somebody else may still do it; false when nobody may. */
  readonly holdBack: (drafts: readonly Draft[]) => boolean;
}

/** What is heard beside an exchange is seen by nobody, and is the end of the matter. */
type AcceptingTalk = Pick<Talk, 'clock' | 'run'> & Partial<Pick<Talk, 'observation' | 'deadlines' | 'holdBack'>>;

const pollDelayMsMin = 250;
/** The longest that an agent which says nothing new is left alone. */
export const pollDelayMsMax = 5_000;

/** Says a turn to the agent, and takes what it answers. */
export async function say(talk: Talk, message: UpstreamMessage): Promise<void> {
  const { upstream, call } = talk;
  if (call.route.streaming && (await isPumped(talk, upstream.stream(call, message), isWithoutStreams))) return;
  accept(talk, await upstream.send(call, message));
}

/** Follows a task the agent already has and has named so: by its stream, or by asking again and again. */
export async function attach(talk: Talk, upstreamTaskId: string): Promise<void> {
  const { upstream, clock, run, call } = talk;
  accept(talk, { task: await upstream.getTask(call, upstreamTaskId) });
  if (run.isOver) return;
  // A task that ended a moment ago can not be subscribed to (A2A 1.0 section 3.1.6), and some agents stream nothing but a send.
  if (call.route.streaming && (await isPumped(talk, upstream.subscribe(call, upstreamTaskId), isRefusal))) return;
  for (let delayMs = pollDelayMsMin; !run.isOver; delayMs = Math.min(delayMs * 2, pollDelayMsMax)) {
    await pause(clock, delayMs, call.signal);
    if (call.signal.aborted) throw new PlatformError('request.canceled');
    accept(talk, { task: await upstream.getTask(call, upstreamTaskId) });
  }
}

/** Takes a stream to its end. False when the agent refused to begin it, and can be asked in another way. */
async function isPumped(
  talk: Talk,
  source: AsyncIterable<StreamResponse>,
  isMild: (error: PlatformError) => boolean,
): Promise<boolean> {
  const { run } = talk;
  const known = run.task;
  try {
    await pump(talk, source);
    return true;
  } catch (error) {
    if (run.isOver || run.task !== known || !isMild(asPlatformError(error))) throw error;
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
    const isOld = isFirst && repeatsAnsweredQuestion(run.task, item);
    isFirst = false;
    if (isOld) continue;
    accept(talk, item.task === undefined ? item : withoutAnsweredQuestion(run.task, item));
    if (run.isOver) return;
    await run.settleBackpressure();
  }
}

/** Throws `upstream.invalid-answer` for words about another task: what is not this task's must not get into its log. */
export function accept({ clock, run, observation, deadlines, holdBack }: AcceptingTalk, answer: StreamResponse): void {
  const nowIso = new Date(clock.nowMs()).toISOString();
  // Only a snapshot is compared with the task as it is now, which takes time to know.
  const task = answer.task === undefined ? run.earlier : run.task;
  const told = translateAnswer({ task, contextId: task.contextId ?? '', nowIso }, answer);
  observation?.heard();
  deadlines?.heard();
  if (told.upstreamTaskId !== null) run.rememberUpstreamTask(told.upstreamTaskId);
  if (told.upstreamTaskId !== null && told.upstreamTaskId !== run.upstreamTaskId)
    throw new PlatformError('upstream.invalid-answer');
  if (told.events.some(({ state }) => isFailure(state)) && holdBack?.(told.events) === true)
    throw new PlatformError('upstream.task-failed');
  run.accept(told.events);
}

function isFailure(state: Draft['state']): boolean {
  return state === 'TASK_STATE_FAILED' || state === 'TASK_STATE_REJECTED';
}
