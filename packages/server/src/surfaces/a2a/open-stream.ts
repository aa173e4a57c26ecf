import type { ServerResponse } from 'node:http';
import { formatSseComment, formatSseEvent } from '@colloquy/protocol/sse';
import { eventStreamType } from '@colloquy/protocol/v1';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import { limits } from '../../kernel/limits.ts';
import type { StreamedEvent, TaskStream } from '../../modules/gateway/index.ts';
import type { ConnectionListener, TakenConnection } from '../http/index.ts';

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
  /** It is expected to live long: its connection ends with it. Any other stream counts as one that lives long when it is a second old. */
  readonly isLong?: boolean;
  /** The bytes that wait for the reader; absent: they are not counted. */
  readonly held?: HeldBytes | undefined;
  /** Takes the connection from the response for a stream that lives long; null when that can not be, or not yet. */
  readonly take?: (listener: ConnectionListener) => TakenConnection | null;
}

/** A reader is advised to wait this long before it reconnects to another process. */
const comeBackMs = 1_000;
/** Most answers are over at this age, and their connections serve again. */
const longLivedMs = 1_000;
/** Events of one flush are joined up to about this size; a larger event goes alone. */
const joinedCharsMax = 64 * 1024;
const heartbeat = formatSseComment('');

const head = {
  'content-type': eventStreamType,
  // A proxy that kept or recoded events would hold them back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Writes the events of one task to one connection. When either side closes it, the view ends and the task goes on. */
export class OpenStream {
  /** Without what began it: that is as large as everything else of an idle stream. */
  readonly #served: Pick<ServedStream, 'frame' | 'failureFrame' | 'onStall' | 'held'>;
  #take: ServedStream['take'];
  readonly #longAtMs: number;
  #outlet: ServerResponse | TakenConnection;
  readonly #head: Readonly<Record<string, string>>;
  readonly #nowMs: () => number;
  readonly #iterator: AsyncIterator<readonly StreamedEvent[], unknown>;
  #wroteAtMs: number;
  #blockedSinceMs: number | null = null;
  #wake: (() => void) | null = null;
  #settle: () => void = () => undefined;
  #isOver = false;

  constructor({ response, events, headers, take, isLong, ...served }: ServedStream, nowMs: () => number) {
    this.#served = served;
    if (isLong === true) response.shouldKeepAlive = false;
    this.#take = take;
    this.#outlet = response;
    this.#head = headers === undefined ? head : { ...head, ...headers };
    this.#nowMs = nowMs;
    this.#wroteAtMs = nowMs();
    this.#longAtMs = this.#wroteAtMs + (isLong === true ? 0 : longLivedMs);
    this.#iterator = events[Symbol.asyncIterator]();
  }

  /** Resolves when the stream is over. */
  run(): Promise<void> {
    this.#begin();
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#pull();
    });
  }

  /** No function waits for the next event: it would keep the last one as well. */
  #pull(): void {
    if (this.#isOver) this.#finish();
    else this.#iterator.next().then(this.#took, this.#failed);
  }

  readonly #took = ({ done, value }: IteratorResult<readonly StreamedEvent[], unknown>): void => {
    if (done === true || this.#isOver) this.#finish();
    else this.#show(value).catch(this.#failed);
  };

  async #show(events: readonly StreamedEvent[]): Promise<void> {
    await this.#write(events);
    // In this turn of the event loop Node still gathers what was written.
    if (this.#take !== undefined && this.#wroteAtMs >= this.#longAtMs)
      setImmediate(() => this.#takeWhenLong(this.#wroteAtMs));
    this.#pull();
  }

  readonly #failed = (error: unknown): void => {
    if (!this.#isOver) this.#outlet.write(formatSseEvent({ event: 'error', data: this.#served.failureFrame(error) }));
    this.#finish();
  };

  #finish(): void {
    if (!this.#outlet.writableEnded) this.#outlet.end();
    this.#leave();
    this.#settle();
  }

  #begin(): void {
    const response = this.#outlet;
    if (!('writeHead' in response)) return;
    response.on('close', this.#leave).on('drain', this.#resume);
    if (response.destroyed) return this.#leave();
    response.writeHead(200, this.#head);
    response.flushHeaders();
  }

  /** Ends the stream with the advice to resume it elsewhere. */
  endForNow(): void {
    if (this.#isOver) return;
    this.#outlet.end(`retry: ${comeBackMs}\n\n`);
    this.#leave();
  }

  /** Called by the one timer of all streams. */
  check(nowMs: number, heartbeatMs: number, stallMs: number): void {
    if (this.#isOver) return;
    if (this.#blockedSinceMs !== null) {
      if (nowMs - this.#blockedSinceMs >= stallMs) this.#evict();
      return;
    }
    this.#countUnread(nowMs);
    this.#takeWhenLong(nowMs);
    if (nowMs - this.#wroteAtMs >= heartbeatMs) this.#put(heartbeat);
  }

  /** What the connection takes without a pause counts as well when it is still there. */
  #countUnread(nowMs: number): void {
    const { held } = this.#served;
    const { writableLength } = this.#outlet;
    if (held === undefined || writableLength === 0) return;
    held.set(writableLength);
    if (nowMs - this.#wroteAtMs >= limits.heldStreamStallMs) held.stall(0, this.#evict);
  }

  #takeWhenLong(nowMs: number): void {
    if (this.#take === undefined || this.#isOver || nowMs < this.#longAtMs) return;
    const taken = this.#take({ drained: this.#resume, closed: this.#leave });
    if (taken === null) return;
    this.#outlet = taken;
    this.#take = undefined;
  }

  async #write(events: readonly StreamedEvent[]): Promise<void> {
    let text = '';
    for (const { seq, json } of events) {
      // Before there is a copy of the event for this reader alone.
      const room = this.#served.held?.room(json.length);
      if (room !== undefined) {
        if (text !== '') this.#put(text);
        text = '';
        await room;
        if (this.#isOver) return;
      }
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
    const isTaken = this.#outlet.write(text);
    const { held } = this.#served;
    held?.set(isTaken ? 0 : this.#outlet.writableLength);
    if (!isTaken) {
      this.#blockedSinceMs ??= this.#wroteAtMs;
      held?.stall(limits.heldStreamStallMs, this.#evict);
    }
    return isTaken;
  }

  /** The reader took nothing for too long, or others need what it holds; it can resume. */
  readonly #evict = (): void => {
    if (this.#isOver) return;
    this.#served.onStall();
    this.#outlet.destroy();
  };

  #drained(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => (this.#wake = resolve));
  }

  readonly #resume = (): void => {
    this.#blockedSinceMs = null;
    this.#served.held?.move();
    this.#served.held?.set(0);
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
