import type { ServerResponse } from 'node:http';
import { formatSseComment, formatSseEvent } from '@colloquy/protocol/sse';
import { eventStreamType } from '@colloquy/protocol/v1';
import type { StreamedEvent, TaskStream } from '../../modules/gateway/index.ts';

/** One stream and its reader. */
export interface ServedStream {
  readonly response: ServerResponse;
  readonly events: TaskStream;
  /** Further fields of the head. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The data of one event in the words of the binding. */
  readonly frame: (json: string) => string;
  /** The data of the last event of a stream that fails. */
  readonly failureFrame: (error: unknown) => string;
  /** The reader took nothing for too long; its connection is closed. */
  readonly onStall: () => void;
}

/** What a reader is advised to wait before it comes back to another process. */
const comeBackMs = 1_000;
/** Events of one flush are joined up to about this size; a larger event goes alone. */
const joinedCharsMax = 64 * 1024;
const heartbeat = formatSseComment('');

const head = {
  'content-type': eventStreamType,
  // A proxy that kept or recoded events would hold them back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Writes the events of one task to one connection. Its end, whoever brings it, ends the view and never the task. */
export class OpenStream {
  /** Without what began it: that is as large as everything else of an idle stream. */
  readonly #served: Pick<ServedStream, 'response' | 'frame' | 'failureFrame' | 'onStall'>;
  readonly #head: Readonly<Record<string, string>>;
  readonly #nowMs: () => number;
  readonly #iterator: AsyncIterator<readonly StreamedEvent[], unknown>;
  #wroteAtMs: number;
  #blockedSinceMs: number | null = null;
  #wake: (() => void) | null = null;
  #isOver = false;

  constructor({ events, headers, ...served }: ServedStream, nowMs: () => number) {
    this.#served = served;
    this.#head = headers === undefined ? head : { ...head, ...headers };
    this.#nowMs = nowMs;
    this.#wroteAtMs = nowMs();
    this.#iterator = events[Symbol.asyncIterator]();
  }

  /** Resolves when the stream is over. */
  async run(): Promise<void> {
    const { response } = this.#served;
    response.on('close', this.#leave).on('drain', this.#resume);
    if (response.destroyed) this.#leave();
    if (!this.#isOver) {
      response.writeHead(200, this.#head);
      response.flushHeaders();
    }
    try {
      while (!this.#isOver) {
        const { done, value } = await this.#iterator.next();
        if (done === true) break;
        await this.#write(value);
      }
    } catch (error) {
      if (!this.#isOver) response.write(formatSseEvent({ event: 'error', data: this.#served.failureFrame(error) }));
    }
    if (!response.writableEnded) response.end();
    this.#leave();
  }

  /** Ends the stream with the advice to resume it elsewhere. */
  endForNow(): void {
    const { response } = this.#served;
    if (this.#isOver) return;
    response.end(`retry: ${comeBackMs}\n\n`);
    this.#leave();
  }

  /** Called by the one timer of all streams. */
  look(nowMs: number, heartbeatMs: number, stallMs: number): void {
    if (this.#isOver) return;
    if (this.#blockedSinceMs !== null) {
      if (nowMs - this.#blockedSinceMs < stallMs) return;
      this.#served.onStall();
      this.#served.response.destroy();
    } else if (nowMs - this.#wroteAtMs >= heartbeatMs) {
      this.#put(heartbeat);
    }
  }

  async #write(events: readonly StreamedEvent[]): Promise<void> {
    let text = '';
    for (const { seq, json } of events) {
      text += formatSseEvent({ id: String(seq), data: this.#served.frame(json) });
      if (text.length < joinedCharsMax) continue;
      if (!this.#put(text)) await this.#drained();
      if (this.#isOver) return;
      text = '';
    }
    if (text !== '' && !this.#put(text)) await this.#drained();
  }

  /** False when the reader has to take what is written before there is more. */
  #put(text: string): boolean {
    this.#wroteAtMs = this.#nowMs();
    const isTaken = this.#served.response.write(text);
    if (!isTaken) this.#blockedSinceMs ??= this.#wroteAtMs;
    return isTaken;
  }

  #drained(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => (this.#wake = resolve));
  }

  readonly #resume = (): void => {
    this.#blockedSinceMs = null;
    this.#wake?.();
    this.#wake = null;
  };

  readonly #leave = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    // The view may have failed already; its end is all that matters.
    this.#iterator.return?.().then(undefined, () => undefined);
    this.#resume();
  };
}
