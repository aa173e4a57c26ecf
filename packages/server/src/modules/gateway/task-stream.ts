import { isTerminal, trimTask } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import { PlatformError } from '../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { storedResponse } from '../tasks/index.ts';
import type { TaskEvent, TaskFollower, TaskRow } from '../tasks/index.ts';
import type { GatewayPorts, StreamedEvent, TaskStream } from './ports.ts';

export interface StreamedTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly afterSeq: number;
  /** Shown first, under the sequence it was taken at. */
  readonly snapshot?: StreamedEvent;
  /** Trims the history of the log's first event. */
  readonly historyLength?: number | undefined;
  /** A state after which this stream ends though the task goes on. */
  readonly endsAt?: TaskState;
}

/** A live view of a task's log from a sequence on, without the user's own turns. Throws `stream.limit` at the process's bound. */
export function streamTask(ports: Pick<GatewayPorts, 'log'>, streamed: StreamedTask): TaskStream {
  assertRoomForStream(ports);
  return { [Symbol.asyncIterator]: () => view(ports, streamed) };
}

/** Throws `stream.limit` at the process's bound. Asked before a send is recorded, so that none is paid for and then not shown. */
export function assertRoomForStream({ log }: Pick<GatewayPorts, 'log'>): void {
  if (log.followerCount >= limits.streamsMax) throw new PlatformError('stream.limit');
}

/**
 * The view of a reader that has the log up to `lastEventId`. It is over at once when nothing can follow. Throws `request.invalid`
 * for a sequence that the log has not reached: it is of another stream.
 */
export function resumeStream(
  ports: Pick<GatewayPorts, 'log'>,
  { tenantId, taskId, state, lastSeq }: Pick<TaskRow, 'tenantId' | 'taskId' | 'state' | 'lastSeq'>,
  lastEventId: number,
  wish: Pick<StreamedTask, 'historyLength' | 'endsAt'>,
): TaskStream {
  if (lastEventId > lastSeq) {
    const description = 'must be the id of an event of this stream';
    throw new PlatformError('request.invalid', { violations: [{ field: 'Last-Event-ID', description }] });
  }
  const isOver = lastEventId === lastSeq && (isTerminal(state) || state === wish.endsAt);
  return isOver ? endedStream() : streamTask(ports, { tenantId, taskId, afterSeq: lastEventId, ...wish });
}

async function* endedStream(): AsyncGenerator<readonly StreamedEvent[], void, undefined> {
  // Nothing follows.
}

/** A generator alone could not be left while it waits for an event that may never come: its `return` would wait as well. */
function view(ports: Pick<GatewayPorts, 'log'>, streamed: StreamedTask): AsyncIterator<readonly StreamedEvent[], void> {
  const follower = ports.log.follow(streamed.tenantId, streamed.taskId, streamed.afterSeq);
  const shown = follow(follower, streamed);
  return {
    next: () => shown.next(),
    return: async () => {
      await follower.return();
      return shown.return();
    },
  };
}

async function* follow(
  follower: TaskFollower,
  streamed: StreamedTask,
): AsyncGenerator<readonly StreamedEvent[], void, undefined> {
  try {
    if (streamed.snapshot !== undefined) yield [streamed.snapshot];
    for await (const events of follower) {
      const shown = events.filter(({ kind }) => kind !== 'turn').map((event) => show(event, streamed.historyLength));
      if (shown.length > 0) yield shown;
      // Only the newest state: a batch that reaches further holds the rests of earlier turns.
      const newest = events.findLast(({ state }) => state !== undefined);
      if (newest !== undefined && newest.state === streamed.endsAt) return;
    }
  } finally {
    await follower.return();
  }
}

function show(event: TaskEvent, historyLength: number | undefined): StreamedEvent {
  if (event.kind !== 'task' || historyLength === undefined) return { seq: event.seq, json: event.json };
  const { task } = storedResponse(event.json);
  return {
    seq: event.seq,
    json: task === undefined ? event.json : JSON.stringify({ task: trimTask(task, { historyLength }) }),
  };
}
