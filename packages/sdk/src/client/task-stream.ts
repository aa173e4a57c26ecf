import { isTerminal } from '@colloquy/protocol';
import type { StreamResponse, TaskState } from '@colloquy/protocol';
import { decodeStreamResponse, extensionsHeader } from '@colloquy/protocol/v1';
import type { OperationRequest } from '@colloquy/protocol/v1';
import type { A2aConnection, CallOptions } from './a2a-connection.ts';
import { nextPauseMs } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { ColloquyError } from './colloquy-error.ts';
import { readEvents } from './event-source.ts';

/**
 * The events of a task as they happen. When the connection is cut it is opened anew after the last event seen, so nothing is
 * missed and nothing comes twice; it throws when that fails several times in a row. Leaving the loop ends the view, never
 * the task. A stream is read once.
 */
export interface TaskStream extends AsyncIterable<StreamResponse, void, undefined> {
  /** The id of the newest event; give it to a later stream to go on from there. */
  readonly lastEventId: string | undefined;
}

/** What a stream is made of. */
export interface TaskStreamOptions {
  readonly connection: A2aConnection;
  readonly request: OperationRequest;
  readonly call: CallOptions;
  readonly backoff: Backoff;
  /** Start after this event. */
  readonly lastEventId?: string | undefined;
  /** A state besides the terminal ones at which the server is right to close. */
  readonly endsAt?: TaskState;
}

/** The platform's extension that lets a stream be resumed though its task has ended meanwhile. */
const streamCursorExtension = 'urn:colloquy:extension:stream-cursor:v1';

/** Opens a stream on first read and keeps it open until its task is done. */
export function createTaskStream(options: TaskStreamOptions): TaskStream {
  const progress = new StreamProgress(options.lastEventId, options.endsAt);
  return {
    get lastEventId() {
      return progress.lastEventId;
    },
    [Symbol.asyncIterator]: () => follow(options, progress),
  };
}

async function* follow(
  options: TaskStreamOptions,
  progress: StreamProgress,
): AsyncGenerator<StreamResponse, void, undefined> {
  for (let failures = 0; !progress.isDone;) {
    const before = progress.lastEventId;
    try {
      yield* readOnce(options, progress);
      if (!progress.isDone) throw cut();
    } catch (error) {
      failures = progress.lastEventId === before ? failures + 1 : 1;
      const pauseMs = progress.canResume ? nextPauseMs(error, failures, options.backoff.random) : undefined;
      if (pauseMs === undefined) throw error;
      await options.backoff.pause(pauseMs, options.call.signal);
    }
  }
}

async function* readOnce(
  options: TaskStreamOptions,
  progress: StreamProgress,
): AsyncGenerator<StreamResponse, void, undefined> {
  const { connection, request, call } = options;
  const { lastEventId } = progress;
  const headers = {
    ...call.headers,
    [extensionsHeader]: streamCursorExtension,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const response = await connection.open(request, { ...call, headers });
  for await (const event of readEvents(response, call.signal)) {
    const id = event.lastEventId === '' ? undefined : event.lastEventId;
    // The last event of a stream that fails has no id of its own.
    if (event.event !== 'error' && progress.hasSeen(id)) continue;
    const item = connection.read(event.data, decodeStreamResponse, response);
    progress.take(id, item);
    yield item;
    if (progress.isDone) return;
  }
}

/** How far a stream has come. */
class StreamProgress {
  lastEventId: string | undefined;
  isDone = false;
  readonly #endsAt: TaskState | undefined;
  #sawEventWithoutId = false;

  constructor(lastEventId: string | undefined, endsAt: TaskState | undefined) {
    this.lastEventId = lastEventId;
    this.#endsAt = endsAt;
  }

  /** Whether a new connection can go on exactly where the last one ended. */
  get canResume(): boolean {
    return !this.#sawEventWithoutId;
  }

  /** Ids are the task's own sequence, so what is not above the last one has been given out. */
  hasSeen(id: string | undefined): boolean {
    return id !== undefined && this.lastEventId !== undefined && Number(id) <= Number(this.lastEventId);
  }

  take(id: string | undefined, item: StreamResponse): void {
    if (id === undefined) this.#sawEventWithoutId = true;
    else this.lastEventId = id;
    const state = (item.task ?? item.statusUpdate)?.status.state;
    this.isDone = item.message !== undefined || (state !== undefined && (isTerminal(state) || state === this.#endsAt));
  }
}

function cut(): ColloquyError {
  return new ColloquyError({
    code: 'sdk.stream-cut',
    kind: 'unavailable',
    message: 'The stream ended before its task did.',
    retry: { kind: 'same-request' },
  });
}
