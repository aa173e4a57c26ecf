import { isInterrupted } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import { snapshotOf } from './task-log.ts';
import type { LoggedEvent, TaskLog } from './task-log.ts';

/** Where a view starts, and the states that end it. It always ends with the task. */
export interface ViewOptions {
  /** Start after this event; absent, or more than the task has, starts with a snapshot of the task. */
  readonly afterSeq?: number | undefined;
  /** The snapshot to start with; absent takes it when the view is first read. */
  readonly first?: LoggedEvent | undefined;
  /** States besides the terminal ones that end the view. */
  readonly endAt: readonly TaskState[];
  readonly signal: AbortSignal;
}

/** A live view of a task: its events so far, then new ones, in order and without gaps. Ending it leaves the task alone. */
export async function* viewTask(log: TaskLog, options: ViewOptions): AsyncGenerator<LoggedEvent> {
  const { afterSeq } = options;
  const first = afterSeq === undefined || afterSeq > log.seq ? (options.first ?? snapshotOf(log)) : undefined;
  let seq = first?.seq ?? afterSeq ?? 0;
  if (first !== undefined && log.reply === undefined) yield first;
  while (!options.signal.aborted) {
    for (const entry of log.after(seq)) {
      seq = entry.seq;
      yield entry;
    }
    if (log.reply !== undefined) {
      yield { seq: seq + 1, event: { message: log.reply } };
      return;
    }
    if (seq < log.seq) continue;
    if (log.ended || options.endAt.includes(log.task.status.state)) return;
    await changed(log, options.signal);
  }
}

/** Resolves at the next change of the task or when the signal aborts. */
function changed(log: TaskLog, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      unwatch();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const unwatch = log.watch(finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}

/** Resolves when the task has ended or waits for its caller, when the signal aborts, or after `waitMs`. */
export async function settled(log: TaskLog, gone: AbortSignal, waitMs: number): Promise<void> {
  const enough = new AbortController();
  const stop = (): void => enough.abort();
  gone.addEventListener('abort', stop, { once: true });
  // This timer is cleared at once, because thousands of answers a second must not leave as many timers behind.
  const timer = setTimeout(stop, waitMs).unref();
  try {
    while (!gone.aborted && !enough.signal.aborted && !isSettled(log)) await changed(log, enough.signal);
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', stop);
  }
}

function isSettled({ ended, task }: TaskLog): boolean {
  return ended || isInterrupted(task.status.state);
}
