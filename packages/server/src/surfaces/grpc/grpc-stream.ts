import type { ServerWritableStream } from '@grpc/grpc-js';
import { limits } from '../../kernel/limits.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import type { StreamedEvent, TaskStream } from '../../modules/gateway/index.ts';
import type { KeptStream } from '../a2a/index.ts';
import type { GrpcRequestContext } from './grpc-request-context.ts';

/** One stream and its reader. */
export interface GrpcStreamOptions {
  readonly call: ServerWritableStream<Buffer, Buffer>;
  readonly events: TaskStream;
  /** One event as a message, from the JSON text of the task's log. */
  readonly encode: (json: string) => Uint8Array;
  /** Ends the call with the status of what was thrown. */
  readonly fail: (thrown: unknown) => void;
  readonly context: Pick<GrpcRequestContext, 'caller' | 'fail' | 'reset'>;
}

/** Bytes that wait for the reader before the task's log is read on; a larger event goes alone. */
const waitingBytesMax = 64 * 1024;
const comeBackMs = 1_000;

/** Writes the events of one task to one call. When either side ends it, the view ends and the task goes on. */
export class GrpcStream implements KeptStream {
  readonly #options: GrpcStreamOptions;
  readonly #nowMs: () => number;
  readonly #iterator: AsyncIterator<readonly StreamedEvent[], unknown>;
  #waitingBytes = 0;
  #movedAtMs: number;
  #wake: (() => void) | null = null;
  #isOver = false;

  constructor(options: GrpcStreamOptions, nowMs: () => number) {
    this.#options = options;
    this.#nowMs = nowMs;
    this.#movedAtMs = nowMs();
    this.#iterator = options.events[Symbol.asyncIterator]();
  }

  /** Resolves when the stream is over. Never rejects. */
  async run(): Promise<void> {
    const { call, fail } = this.#options;
    call.on('cancelled', this.#leave);
    if (call.cancelled) this.#leave();
    try {
      while (!this.#isOver) {
        const { done, value } = await this.#iterator.next();
        if (done === true) break;
        await this.#write(value);
      }
      if (!this.#isOver) call.end();
    } catch (error) {
      if (!this.#isOver) fail(error);
    }
    this.#leave();
  }

  /** Ends the stream with the advice to subscribe again, elsewhere. */
  endForNow(): void {
    if (this.#isOver) return;
    const message = 'The platform is restarting; subscribe to the task again.';
    const retry = { kind: 'after', retryAfterMs: comeBackMs } as const;
    this.#options.fail(new PlatformError('platform.unavailable', { message, retry }));
    this.#leave();
  }

  /** Called by the one timer of all streams. An idle stream needs no heartbeat: its connection has pings. */
  check(nowMs: number, _heartbeatMs: number, stallMs: number): void {
    if (this.#isOver || this.#waitingBytes === 0 || nowMs - this.#movedAtMs < stallMs) return;
    this.#evict();
  }

  /** The reader took nothing for too long, or others need what it holds; it can resume. */
  readonly #evict = (): void => {
    if (this.#isOver) return;
    this.#options.context.fail(new PlatformError('stream.too-slow'));
    this.#options.context.reset();
  };

  async #write(events: readonly StreamedEvent[]): Promise<void> {
    for (const { json } of events) {
      // Before there is a copy of the event for this reader alone.
      const room = this.#held?.room(json.length);
      if (room !== undefined) await room;
      if (this.#isOver) return;
      const bytes = this.#options.encode(json);
      this.#put(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (this.#waitingBytes > waitingBytesMax) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #put(message: Buffer): void {
    if (this.#waitingBytes === 0) this.#movedAtMs = this.#nowMs();
    this.#waitingBytes += message.length;
    this.#count();
    this.#options.call.write(message, () => {
      this.#waitingBytes -= message.length;
      this.#movedAtMs = this.#nowMs();
      this.#held?.move();
      this.#count();
      if (this.#waitingBytes <= waitingBytesMax) this.#goOn();
    });
  }

  get #held(): HeldBytes | undefined {
    return this.#options.context.caller?.held;
  }

  /** Bytes that wait for the reader; those that it takes without a pause are too few to count. */
  #count(): void {
    this.#held?.set(this.#waitingBytes);
    if (this.#waitingBytes > waitingBytesMax) this.#held?.stall(limits.heldStreamStallMs, this.#evict);
  }

  #goOn(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  readonly #leave = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    // The view may have failed already; its end is all that matters.
    this.#iterator.return?.().then(undefined, () => undefined);
    this.#goOn();
  };
}
