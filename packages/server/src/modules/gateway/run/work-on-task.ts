import { isTerminal } from '@colloquy/protocol';
import type { Task } from '@colloquy/protocol';
import { pause } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import { isRequeued, retryDelayMs } from '../../tasks/index.ts';
import { askedPauseMs } from './asked-pause.ts';
import { cancelAtAgent } from './cancel-at-agent.ts';
import { askAnother, exchange } from './attempt-exchange.ts';
import type { Assignment, ExchangePorts } from './attempt-exchange.ts';
import { cancelDraft, failureDraft } from './failure-draft.ts';
import { leftBeforeDeadline } from './task-run.ts';
import type { TaskRun } from './task-run.ts';
import { accept, pollDelayMsMax } from './talk-to-agent.ts';
import type { AgentAttempts } from './agent-attempts.ts';
import type { UpstreamCall } from './upstream.ts';

export type { Assignment } from './attempt-exchange.ts';

export interface WorkPorts extends ExchangePorts {
  /** 0 to 1, at random. */
  readonly chance: () => number;
}

/** The platform ended the task of an agent that means to go on with it. */
const failuresOfOurs: ReadonlySet<ErrorCode> = new Set([
  'upstream.timeout',
  'task.deadline-passed',
  'upstream.invalid-answer',
  'upstream.too-large',
]);
const reattachAttemptsMax = 5;
const reattachDelayMs = 200;

/** Works on a task until it rests or the lease is lost. Never rejects: every way to fail is written into the task's log. */
export async function workOnTask(
  ports: WorkPorts,
  run: TaskRun,
  attempts: AgentAttempts,
  assignment: Assignment,
): Promise<void> {
  let timedOut: ErrorCode | null = null;
  const { waitMs, code: lateCode } = timeOf(ports.clock, run, attempts.call);
  const cancelDeadline = ports.clock.after(waitMs, () => {
    timedOut = lateCode;
    run.aborter.abort();
  });
  try {
    // It waited for too long, for a slot or for another's result: the agent does not hear of it.
    if (waitMs <= 0) throw new PlatformError(lateCode);
    await pursue(ports, run, attempts, assignment);
  } catch (error) {
    const code: ErrorCode = timedOut ?? asPlatformError(error).code;
    const failure = { code, askedMs: timedOut === null ? askedPauseMs(error) : 0 };
    if (await isLeftForLater(ports, run, attempts, failure)) return;
    run.fail(code, failureDraft(run.task, code, ports.clock.nowMs(), failure.askedMs));
  } finally {
    cancelDeadline();
  }
  // The agent named the task or hung up: no more of the exchange is waited for.
  if (run.isCanceledUnnamed) run.aborter.abort();
  if (isLeftWorking(run)) await cancelAtAgent(ports, attempts.call, run.upstreamTaskId);
}

/** How long the agent has, and what it means when that is over. */
function timeOf(clock: Clock, { dispatch }: TaskRun, { route: { taskMsMax } }: UpstreamCall) {
  const leftMs = leftBeforeDeadline(clock, dispatch);
  return leftMs < taskMsMax
    ? { waitMs: leftMs, code: 'task.deadline-passed' as const }
    : { waitMs: taskMsMax, code: 'upstream.timeout' as const };
}

/** Whether a task that came to nothing went back into its queue, for as long at least as its agent asked to be left alone. */
async function isLeftForLater(
  { chance }: WorkPorts,
  run: TaskRun,
  { isIdempotent: idempotent }: AgentAttempts,
  { code, askedMs }: { readonly code: ErrorCode; readonly askedMs: number },
): Promise<boolean> {
  if (run.dispatch === null || run.isOver || !run.isUnheard || run.isCanceledUnnamed) return false;
  const { attempts } = run.dispatch;
  if (!isRequeued({ code, attempts, idempotent })) return false;
  await run.putOff(Math.max(retryDelayMs(attempts, chance()), askedMs));
  return true;
}

/** Whether the task is over for the platform while its agent may still work on it, and does not know. */
function isLeftWorking({ isCanceledUnnamed, isLost, failureCode }: TaskRun): boolean {
  if (isLost) return false;
  return isCanceledUnnamed || (failureCode !== null && failuresOfOurs.has(failureCode));
}

/**
 * Cancels on the caller's wish: the agent is told when it knows the task; then the task is canceled whatever it answers. An agent that
 * has not named the task yet can not be told: the task is canceled at once, and the agent hears of it if it names the task soon.
 */
export async function cancelRun(ports: WorkPorts, run: TaskRun, { call }: AgentAttempts): Promise<void> {
  if (run.isOver) return;
  if (run.upstreamTaskId === null) {
    run.isCanceledUnnamed = true;
    run.accept([cancelDraft(run.task, ports.clock.nowMs())]);
    return hangUpLater(ports.clock, run);
  }
  const answer = await cancelAtAgent(ports, call, run.upstreamTaskId);
  if (answer !== null && isTerminal(answer.status.state)) takeLastWords(ports, run, answer);
  run.accept([cancelDraft(run.task, ports.clock.nowMs())]);
  run.aborter.abort();
}

function hangUpLater(clock: Clock, { aborter }: TaskRun): void {
  const cancelTimer = clock.after(limits.cancelUnnamedMs, () => aborter.abort());
  aborter.signal.addEventListener('abort', cancelTimer, { once: true });
}

/** What an agent says of a task that it canceled is welcome, and nothing that can stop the cancel. */
function takeLastWords(ports: WorkPorts, run: TaskRun, task: Task): void {
  try {
    accept({ clock: ports.clock, run }, { task });
  } catch {
    // It does not fit into the log, or is about something else: the task is canceled without it.
  }
}

async function pursue(ports: WorkPorts, run: TaskRun, attempts: AgentAttempts, assignment: Assignment): Promise<void> {
  let next = assignment;
  let failures = 0;
  let idleTries = 0;
  while (!run.isOver) {
    const known = run.task;
    let isUnheard = false;
    try {
      await exchange(ports, run, attempts, next);
      if (!run.isOver && run.upstreamTaskId === null) throw new PlatformError('upstream.invalid-answer');
      failures = 0;
    } catch (error) {
      // A cut that brought something new is the first of its kind.
      failures = run.task === known ? failures + 1 : 1;
      const mayTryAgain = failures <= reattachAttemptsMax && canTryAgain(run, attempts, error);
      // A task that the agent has named is found again rather than begun anew.
      const other = mayTryAgain && run.upstreamTaskId !== null ? null : await askAnother(ports, run, attempts, error);
      if (run.isOver) return;
      if (other !== null) {
        next = { kind: 'say', message: other };
        failures = 0;
        continue;
      }
      const { code } = asPlatformError(error);
      const isRepeat = run.upstreamTaskId === null && code !== unsaid;
      if (!mayTryAgain || (isRepeat && !attempts.mayRepeat())) throw error;
      // Nothing reached the agent, so a turn has still to be said.
      isUnheard = next.kind === 'say' && (code === 'upstream.unreachable' || code === unsaid);
    }
    if (run.isOver) return;
    idleTries = run.task === known ? idleTries + 1 : 0;
    await pause(ports.clock, Math.min(reattachDelayMs * 2 ** idleTries, pollDelayMsMax), run.aborter.signal);
    if (run.aborter.signal.aborted) throw new PlatformError('request.canceled');
    if (run.upstreamTaskId !== null && !isUnheard) next = { kind: 'attach', message: assignment.message };
  }
}

/** What may be called could not be read, so nothing was sent. Either the database is soon back, or the lease is lost and others do the work. */
const unsaid: ErrorCode = 'platform.unavailable';

/** After a cut: a task the agent named can be found again, and an idempotent agent may hear the same message twice. */
function canTryAgain(run: TaskRun, attempts: AgentAttempts, error: unknown): boolean {
  if (run.aborter.signal.aborted) return false;
  const { code } = asPlatformError(error);
  if (code === unsaid) return true;
  if (code !== 'upstream.outcome-unknown' && code !== 'upstream.unreachable') return false;
  return run.upstreamTaskId !== null || (attempts.isIdempotent && code === 'upstream.outcome-unknown');
}
