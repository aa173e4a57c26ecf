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
 * The events of a task as they happen. When the connection breaks, the client reconnects after the last event, so no event is
 * missed or repeated. It throws when that fails several times in a row. Leaving the loop ends the stream, never
 * the task. A stream is read once.
 */
export interface TaskStream extends AsyncIterable<StreamResponse, void, undefined> {
  /** The id of the newest event. A later stream continues there when you give it as `lastEventId`. */
  readonly lastEventId: string | undefined;
}

/** The parts of a stream. */
export interface TaskStreamOptions {
  readonly connection: A2aConnection;
  readonly request: OperationRequest;
  readonly call: CallOptions;
  readonly backoff: Backoff;
  /** Start after this event. */
  readonly lastEventId?: string | undefined;
  /** A state besides the terminal ones at which the server may close the stream. */
  readonly endsAt?: TaskState;
}

/** The platform's extension that resumes a stream also after its task has ended. */
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
    [extensionsHeader]: [streamCursorExtension, call.headers?.[extensionsHeader] ?? []].flat().join(', '),
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

/** The progress of a stream. */
class StreamProgress {
  lastEventId: string | undefined;
  isDone = false;
  readonly #endsAt: TaskState | undefined;
  #sawEventWithoutId = false;

  constructor(lastEventId: string | undefined, endsAt: TaskState | undefined) {
    this.lastEventId = lastEventId;
    this.#endsAt = endsAt;
  }

  /** Whether a new connection can continue exactly where the last one ended. */
  get canResume(): boolean {
    return !this.#sawEventWithoutId;
  }

  /** Ids are the task's sequence numbers, so the stream has already yielded every event up to the last id. */
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
