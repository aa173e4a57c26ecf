import { isTerminal } from '@colloquy/protocol';
import type { Task } from '@colloquy/protocol';
import { pause } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import { isRequeued, retryDelayMs } from '../../tasks/index.ts';
import { askAnother, exchange } from './attempt-exchange.ts';
import type { Assignment, ExchangePorts } from './attempt-exchange.ts';
import { requestedPauseMs } from './call-verdict.ts';
import { cancelAtAgent } from './cancel-at-agent.ts';
import { cancelDraft, failureDraft } from './task-end.ts';
import { leftBeforeDeadline } from './task-run.ts';
import type { TaskRun } from './task-run.ts';
import { accept, pollDelayMsMax } from './talk-to-agent.ts';
import type { AgentAttempts } from './agent-attempts.ts';
import type { UpstreamCall } from './upstream.ts';

export type { Assignment } from './attempt-exchange.ts';

export interface WorkPorts extends ExchangePorts {
  /** A random number from 0 to 1. */
  readonly chance: () => number;
}

/** Failures by which the platform ends a task that its agent may still work on. */
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
    run.hangUp();
  });
  try {
    // The task waited too long for a slot or a cached result: the agent is not asked.
    if (waitMs <= 0) throw new PlatformError(lateCode);
    await pursue(ports, run, attempts, assignment);
  } catch (error) {
    const code: ErrorCode = timedOut ?? asPlatformError(error).code;
    const failure = { code, pauseMs: timedOut === null ? requestedPauseMs(error) : 0 };
    if (await isRetriedLater(ports, run, attempts, failure)) return;
    run.fail(code, failureDraft(run.task, code, ports.clock.nowMs(), failure.pauseMs));
  } finally {
    cancelDeadline();
  }
  // The agent has named the canceled task, or has hung up: the exchange is over.
  if (run.isCanceledUnnamed) run.hangUp();
  if (isLeftWorking(run)) await cancelAtAgent(ports, attempts.call, run.upstreamTaskId);
}

/** How long the agent has, and the failure when that time is over. */
function timeOf(clock: Clock, { queueing }: TaskRun, { route: { taskMsMax } }: UpstreamCall) {
  const leftMs = leftBeforeDeadline(clock, queueing);
  return leftMs < taskMsMax
    ? { waitMs: leftMs, code: 'task.deadline-passed' as const }
    : { waitMs: taskMsMax, code: 'upstream.timeout' as const };
}

/** Puts a failed task back into its queue, for the pause that its agent requested at least. False when the failure stands. */
async function isRetriedLater(
  { chance }: WorkPorts,
  run: TaskRun,
  { isIdempotent: idempotent }: AgentAttempts,
  { code, pauseMs }: { readonly code: ErrorCode; readonly pauseMs: number },
): Promise<boolean> {
  if (run.queueing === null || run.isOver || !run.isUnheard || run.isCanceledUnnamed) return false;
  const { attempts } = run.queueing;
  if (!isRequeued({ code, attempts, idempotent })) return false;
  await run.requeue(Math.max(retryDelayMs(attempts, chance()), pauseMs));
  return true;
}

/** Whether the platform has ended the task while its agent may still work on it. */
function isLeftWorking({ isCanceledUnnamed, isLost, failureCode }: TaskRun): boolean {
  if (isLost) return false;
  return isCanceledUnnamed || (failureCode !== null && failuresOfOurs.has(failureCode));
}

/**
 * Cancels the task as its caller requested. An agent that has named the task is told first, and the task is canceled whatever it answers. An
 * agent that has not named it can not be told: the task is canceled at once, and the agent is told if it names the task soon.
 */
export async function cancelRun(ports: WorkPorts, run: TaskRun, { call }: AgentAttempts): Promise<void> {
  if (run.isOver) return;
  if (run.upstreamTaskId === null) {
    run.cancelUnnamed(cancelDraft(run.task, ports.clock.nowMs()));
    return hangUpLater(ports.clock, run);
  }
  const answer = await cancelAtAgent(ports, call, run.upstreamTaskId);
  if (answer !== null && isTerminal(answer.status.state)) await acceptFinalAnswer(ports, run, answer);
  run.accept([cancelDraft(run.task, ports.clock.nowMs())]);
  run.hangUp();
}

function hangUpLater(clock: Clock, run: TaskRun): void {
  const cancelTimer = clock.after(limits.cancelUnnamedMs, () => run.hangUp());
  run.signal.addEventListener('abort', cancelTimer, { once: true });
}

/** Accepts what an agent answers to a cancel. No failure of that stops the cancel. */
async function acceptFinalAnswer(ports: WorkPorts, run: TaskRun, task: Task): Promise<void> {
  try {
    if (run.isLean) await run.recall();
    accept({ clock: ports.clock, run }, { task });
  } catch {
    // The answer does not fit into the log, or is about another task: the task is canceled without it.
  }
}

async function pursue(ports: WorkPorts, run: TaskRun, attempts: AgentAttempts, assignment: Assignment): Promise<void> {
  let next = assignment;
  let failures = 0;
  let idleAttempts = 0;
  while (!run.isOver) {
    const { acceptedCount } = run;
    let isUnsent = false;
    try {
      await exchange(ports, run, attempts, next);
      if (!run.isOver && run.upstreamTaskId === null) throw new PlatformError('upstream.invalid-answer');
      failures = 0;
    } catch (error) {
      // After progress, failures are counted from one again.
      failures = run.acceptedCount === acceptedCount ? failures + 1 : 1;
      const mayTryAgain = failures <= reattachAttemptsMax && canTryAgain(run, attempts, error);
      // A task that the agent has named is found again at the agent rather than begun anew.
      const other = mayTryAgain && run.upstreamTaskId !== null ? null : await askAnother(ports, run, attempts, error);
      if (run.isOver) return;
      if (other !== null) {
        next = { kind: 'say', message: other };
        failures = 0;
        continue;
      }
      const { code } = asPlatformError(error);
      const isRepeat = run.upstreamTaskId === null && code !== notCalled;
      if (!mayTryAgain || (isRepeat && !attempts.mayRepeat())) throw error;
      // Nothing reached the agent, so the message has still to be sent.
      isUnsent = next.kind === 'say' && (code === 'upstream.unreachable' || code === notCalled);
    }
    if (run.isOver) return;
    idleAttempts = run.acceptedCount === acceptedCount ? idleAttempts + 1 : 0;
    await pause(ports.clock, Math.min(reattachDelayMs * 2 ** idleAttempts, pollDelayMsMax), run.signal);
    if (run.signal.aborted) throw new PlatformError('request.canceled');
    if (run.upstreamTaskId !== null && !isUnsent) next = { kind: 'attach', message: assignment.message };
  }
}

/** The database was unavailable before the call, so nothing was sent. Either it is soon back, or the lease is lost and another node goes on. */
const notCalled: ErrorCode = 'platform.unavailable';

/** After a broken call: a task that the agent has named can be found again, and an idempotent agent may receive the same message twice. */
function canTryAgain(run: TaskRun, attempts: AgentAttempts, error: unknown): boolean {
  if (run.signal.aborted) return false;
  const { code } = asPlatformError(error);
  if (code === notCalled) return true;
  if (code !== 'upstream.outcome-unknown' && code !== 'upstream.unreachable') return false;
  return run.upstreamTaskId !== null || (attempts.isIdempotent && code === 'upstream.outcome-unknown');
}
