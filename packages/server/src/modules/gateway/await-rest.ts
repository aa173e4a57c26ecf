import { isTerminal } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { extendView } from '../tasks/index.ts';
import type { TaskView } from '../tasks/index.ts';
import type { DispatchedSend } from './dispatch-send.ts';
import type { GatewayPorts } from './ports.ts';
import { readView } from './read-task.ts';
import { isResting } from './translate-answer.ts';

type AwaitedTask = Pick<DispatchedSend, 'viewer' | 'taskId' | 'run'>;

/**
 * The task once it has ended or waits for its caller; the task as it stands when `waitMs` is over. Throws `request.canceled`
 * when the caller left: the work goes on.
 */
export async function awaitRest(
  ports: GatewayPorts,
  caller: Pick<Caller, 'signal'>,
  send: AwaitedTask,
  waitMs: number,
): Promise<TaskView> {
  return awaitState(ports, caller, send, waitMs, isResting);
}

/** As `awaitRest`, but only an ended task counts. */
export async function awaitEnd(
  ports: GatewayPorts,
  caller: Pick<Caller, 'signal'>,
  awaited: AwaitedTask,
  waitMs: number,
): Promise<TaskView> {
  return awaitState(ports, caller, awaited, waitMs, isTerminal);
}

type IsReached = (state: TaskState) => boolean;

async function awaitState(
  ports: GatewayPorts,
  caller: Pick<Caller, 'signal'>,
  send: AwaitedTask,
  waitMs: number,
  isReached: IsReached,
): Promise<TaskView> {
  const over = new AbortController();
  const giveUp = (): void => over.abort();
  const cancelTimer = ports.clock.after(waitMs, giveUp);
  caller.signal.addEventListener('abort', giveUp, { once: true });
  try {
    const view = await (send.run === null
      ? follow(ports, send, over.signal, isReached)
      : followRun(ports, send, over.signal, isReached));
    if (view !== null) return view;
  } finally {
    cancelTimer();
    caller.signal.removeEventListener('abort', giveUp);
  }
  if (caller.signal.aborted) throw new PlatformError('request.canceled');
  return readView(ports.store, send.viewer.tenantId, send.taskId);
}

/** Work under way in this process: its result is in memory as soon as it is committed. */
async function followRun(
  ports: GatewayPorts,
  send: AwaitedTask,
  over: AbortSignal,
  isReached: IsReached,
): Promise<TaskView | null> {
  if (send.run === null) return null;
  const outcome = await Promise.race([send.run.finished, aborted(over)]);
  if (outcome === null) return null;
  if (outcome.kind === 'rested' && isReached(outcome.view.task.status.state)) return outcome.view;
  return follow(ports, send, over, isReached);
}

/** Work elsewhere: its result is read from the log. */
async function follow(
  ports: GatewayPorts,
  { viewer, taskId }: AwaitedTask,
  over: AbortSignal,
  isReached: IsReached,
): Promise<TaskView | null> {
  const follower = ports.log.follow(viewer.tenantId, taskId, 0);
  const leave = (): void => void follower.return();
  over.addEventListener('abort', leave, { once: true });
  try {
    let view: TaskView | null = null;
    for await (const events of follower) {
      for (const event of events) view = extendView(view, event);
      if (view !== null && isReached(view.task.status.state)) return view;
    }
    return null;
  } finally {
    over.removeEventListener('abort', leave);
    void follower.return();
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
