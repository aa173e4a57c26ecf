import { isTerminal, trimTask } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import type { CancelTimer } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { storedResponse } from '../../tasks/index.ts';
import type { TaskEvent, TaskFollower, TaskRow } from '../../tasks/index.ts';
import type { GatewayPorts, StreamedEvent, TaskStream } from '../ports.ts';
import { withCursor } from './stream-cursor.ts';

export interface StreamedTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly afterSeq: number;
  /** The first event of the stream: the task as of this sequence. */
  readonly snapshot?: StreamedEvent;
  /** Trims the history of the log's first event. */
  readonly historyLength?: number | undefined;
  /** Every event carries its cursor. */
  readonly tellsCursor?: boolean;
  /** A state after which this stream ends though the task goes on. */
  readonly endsAt?: TaskState;
}

/** The longest that a timer can wait; tokens live shorter. */
const timerMsMax = 2 ** 31 - 1;

type StreamPorts = Pick<GatewayPorts, 'log' | 'clock' | 'statuses'>;

/** The reader of a view, whose rights the view depends on. */
type Reader = Pick<Caller, 'principal' | 'expiresAtMs' | 'status'>;

/**
 * A live view of a task's log from a sequence on, without the user's own messages. Throws `stream.limit` at the limits of the process, of the
 * tenant and of the reader. Fails with `stream.token-expired` when the token of its reader expires or is revoked.
 */
export function streamTask(ports: StreamPorts, caller: Reader, streamed: StreamedTask): TaskStream {
  assertRoomForStream(ports, streamed.tenantId, caller.principal.id);
  return { [Symbol.asyncIterator]: () => new TaskView(ports, caller, streamed) };
}

/** Throws `stream.limit` at the limits. Checked before a send is recorded, so that no send is charged and then not shown. */
export function assertRoomForStream({ log }: Pick<GatewayPorts, 'log'>, tenantId: TenantId, readerId: string): void {
  const isFull =
    log.followerCount >= limits.streamsMax ||
    log.followerCountOf(tenantId) >= limits.tenantStreamsMax ||
    log.followerCountOf(readerId) >= limits.callerStreamsMax;
  if (isFull) throw new PlatformError('stream.limit');
}

/** A stream that its reader resumes. */
export interface ResumedStream {
  readonly caller: Reader;
  readonly row: Pick<TaskRow, 'tenantId' | 'taskId' | 'state' | 'lastSeq'>;
  readonly shown: Pick<StreamedTask, 'historyLength' | 'endsAt' | 'tellsCursor'>;
}

/**
 * The view of a reader that has the log up to `lastEventId`. It ends at once when nothing can follow. Throws `request.invalid` for a sequence
 * that the log has not reached: it belongs to another stream.
 */
export function resumeStream(
  ports: StreamPorts,
  { caller, row, shown }: ResumedStream,
  lastEventId: number,
): TaskStream {
  const { tenantId, taskId, state, lastSeq } = row;
  if (lastEventId > lastSeq) {
    const description = 'must be the id of an event of this stream';
    throw new PlatformError('request.invalid', { violations: [{ field: 'Last-Event-ID', description }] });
  }
  const isOver = lastEventId === lastSeq && (isTerminal(state) || state === shown.endsAt);
  return isOver ? endedStream() : streamTask(ports, caller, { tenantId, taskId, afterSeq: lastEventId, ...shown });
}

async function* endedStream(): AsyncGenerator<readonly StreamedEvent[], void, undefined> {
  // Nothing follows.
}

type Followed = IteratorResult<readonly TaskEvent[], undefined>;
type Shown = IteratorResult<readonly StreamedEvent[], void>;

/** The events of a follower as its reader sees them. Not a generator, because a generator can not be closed while it waits. */
class TaskView implements AsyncIterator<readonly StreamedEvent[], void> {
  readonly #follower: TaskFollower;
  readonly #cancelEnd: CancelTimer;
  readonly #unfollow: CancelTimer;
  readonly #endsAt: TaskState | undefined;
  readonly #historyLength: number | undefined;
  readonly #tellsCursor: boolean;
  #snapshot: StreamedEvent | undefined;
  #isExpired = false;

  constructor(
    { log, clock, statuses }: StreamPorts,
    { principal, expiresAtMs, status }: Reader,
    streamed: StreamedTask,
  ) {
    this.#follower = log.follow(streamed.tenantId, streamed.taskId, streamed.afterSeq, principal.id);
    this.#endsAt = streamed.endsAt;
    this.#historyLength = streamed.historyLength;
    this.#tellsCursor = streamed.tellsCursor === true;
    this.#snapshot = streamed.snapshot;
    const leftMs = Math.min(Math.max(0, expiresAtMs - clock.nowMs()), timerMsMax);
    this.#cancelEnd = clock.after(leftMs, this.#expire);
    this.#unfollow = statuses.follow(status, this.#expire);
  }

  readonly #expire = (): void => {
    this.#isExpired = true;
    void this.#follower.return();
  };

  next(): Promise<Shown> {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    if (snapshot !== undefined) return Promise.resolve({ done: false, value: [this.#withCursor(snapshot)] });
    return this.#follower.next().then(this.#show, this.#fail);
  }

  /** Ends the view at once, also while it waits for an event that may never come. */
  return(): Promise<Shown> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  readonly #show = ({ done, value: events }: Followed): Shown | Promise<Shown> => {
    if (done === true) {
      this.#close();
      if (this.#isExpired) throw new PlatformError('stream.token-expired');
      return { done, value: undefined };
    }
    // Only the newest state counts: a batch may also hold the end of an earlier message's work.
    const newest = events.findLast(({ state }) => state !== undefined);
    if (newest !== undefined && newest.state === this.#endsAt) this.#close();
    const shown = events
      .filter(({ kind }) => kind !== 'turn')
      .map((event) => this.#withCursor(show(event, this.#historyLength)));
    return shown.length > 0 ? { done: false, value: shown } : this.next();
  };

  #withCursor(event: StreamedEvent): StreamedEvent {
    return this.#tellsCursor ? withCursor(event) : event;
  }

  readonly #fail = (error: unknown): never => {
    this.#close();
    throw error;
  };

  #close(): void {
    this.#cancelEnd();
    this.#unfollow();
    this.#snapshot = undefined;
    void this.#follower.return();
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
