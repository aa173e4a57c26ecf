import { isTerminal } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { within } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskRow, TaskView } from '../../tasks/index.ts';
import type { AcceptedSend } from '../send/send.ts';
import type { GatewayPorts } from '../ports.ts';
import { readView } from './read-view.ts';
import type { RunOutcome, TaskRun } from '../run/task-run.ts';
import { isResting } from '../run/translate-answer.ts';

const unwatchedMs = 1_000;

type AwaitedTask = Pick<AcceptedSend, 'viewer' | 'taskId' | 'run'>;
type IsReached = (state: TaskState) => boolean;
type WaitingCaller = Pick<Caller, 'signal' | 'held'>;

/** Waits until the task has ended or waits for its caller, for `waitMs` at most; returns the task as it then stands. */
export function awaitRest(
  ports: GatewayPorts,
  caller: WaitingCaller,
  awaited: AwaitedTask,
  waitMs: number,
): Promise<TaskView> {
  return awaitState(ports, caller, { ...awaited, waitMs, isReached: isResting });
}

/** As `awaitRest`, but waits until the task has ended. */
export function awaitEnd(
  ports: GatewayPorts,
  caller: WaitingCaller,
  awaited: AwaitedTask,
  waitMs: number,
): Promise<TaskView> {
  return awaitState(ports, caller, { ...awaited, waitMs, isReached: isTerminal });
}

async function awaitState(
  ports: GatewayPorts,
  caller: WaitingCaller,
  wait: AwaitedTask & { readonly waitMs: number; readonly isReached: IsReached },
): Promise<TaskView> {
  const untilMs = ports.clock.monotonicMs() + wait.waitMs;
  if (wait.run !== null) {
    // This process works on the task: the result is in memory as soon as it is committed.
    const outcome = await awaitRun(ports.clock, caller, wait.run, wait.waitMs);
    if (outcome === null) return readView(ports.store, placeOf(wait), caller.held);
    if (outcome.kind === 'rested' && outcome.view !== null && wait.isReached(outcome.view.task.status.state))
      return outcome.view;
  }
  return followLog(ports, caller, { ...wait, waitMs: Math.max(0, untilMs - ports.clock.monotonicMs()) });
}

/** Most runs are short: only a wait that lasts watches whether its caller is still connected. */
async function awaitRun(
  clock: Clock,
  caller: WaitingCaller,
  { finished }: TaskRun,
  waitMs: number,
): Promise<RunOutcome | null> {
  const outcome = await within(clock, Math.min(waitMs, unwatchedMs), finished);
  if (outcome !== null || waitMs <= unwatchedMs) return outcome;
  const { signal } = caller;
  const late = await within(clock, waitMs - unwatchedMs, finished, signal);
  if (late === null && signal.aborted) throw new PlatformError('request.canceled');
  return late;
}

/**
 * Another node works on the task: the result is read from the log. The log is first read to its end, so that the end of an earlier message's
 * work is no answer. Throws `request.canceled` when the caller disconnects; the work goes on.
 */
async function followLog(
  ports: GatewayPorts,
  caller: WaitingCaller,
  wait: AwaitedTask & { readonly waitMs: number; readonly isReached: IsReached },
): Promise<TaskView> {
  const place = placeOf(wait);
  const view = await readView(ports.store, place, caller.held);
  if (wait.isReached(view.task.status.state)) return view;
  await followUntil(ports, caller, { ...place, lastSeq: view.seq, waitMs: wait.waitMs }, wait.isReached);
  return readView(ports.store, place, caller.held);
}

const placeOf = ({ viewer, taskId }: AwaitedTask): Pick<TaskRow, 'tenantId' | 'taskId'> => ({
  tenantId: viewer.tenantId,
  taskId,
});

/**
 * Waits until a working task rests, for `waitMs` at most. Keeps nothing of the log in memory, because many callers may wait for one task. Throws
 * `request.canceled` when the caller disconnects.
 */
export async function untilRest(
  ports: GatewayPorts,
  caller: WaitingCaller,
  { tenantId, taskId, lastSeq }: Pick<TaskRow, 'tenantId' | 'taskId' | 'lastSeq'>,
  waitMs: number,
): Promise<void> {
  await followUntil(ports, caller, { tenantId, taskId, lastSeq, waitMs }, isResting);
}

/** Waits until the events after `lastSeq` reach the awaited state, or the time is up. Holds none of them meanwhile. */
async function followUntil(
  { clock, log }: Pick<GatewayPorts, 'clock' | 'log'>,
  { signal, held }: WaitingCaller,
  place: Pick<TaskRow, 'tenantId' | 'taskId' | 'lastSeq'> & { readonly waitMs: number },
  isReached: IsReached,
): Promise<void> {
  held?.set(0);
  const follower = log.follow(place.tenantId, place.taskId, place.lastSeq);
  const leave = (): void => void follower.return();
  const cancelTimer = clock.after(place.waitMs, leave);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    for await (const events of follower) {
      const state = events.findLast((event) => event.state !== undefined)?.state;
      if (state !== undefined && isReached(state)) return;
    }
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', leave);
    leave();
  }
  if (signal.aborted) throw new PlatformError('request.canceled');
}
