import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import { EntryList } from '../../kernel/entry-list.ts';
import { OpenStream } from './open-stream.ts';
import type { ServedStream } from './open-stream.ts';

/** A stream that a client reads, over any binding. */
export interface KeptStream {
  /** Resolves when the stream is over. */
  run(): Promise<void>;
  /** Ends the stream with the advice to come back: the process is leaving. */
  endForNow(): void;
  /** Called every second: the stream sends a heartbeat when it is idle, or ends when its reader stalls. */
  check(nowMs: number, heartbeatMs: number, stallMs: number): void;
}

export interface EventStreamsOptions {
  readonly clock: Clock;
  /** An idle stream carries a comment after this time. */
  readonly heartbeatMs?: number;
  /** A reader that takes nothing for this long loses its connection; it can resume. */
  readonly stallMs?: number;
}

const tickMs = 1_000;

/** The open streams of this process. One timer looks after all of them, so an idle stream costs no more than its memory. */
export class EventStreams {
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #stallMs: number;
  readonly #open = new EntryList<KeptStream>();
  #cancelTick: CancelTimer | null = null;
  #isClosed = false;

  constructor({ clock, heartbeatMs, stallMs }: EventStreamsOptions) {
    this.#clock = clock;
    this.#heartbeatMs = heartbeatMs ?? limits.streamHeartbeatMs;
    this.#stallMs = stallMs ?? limits.streamStallMs;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Writes a stream to its reader until one of them ends it. Never rejects. */
  serve(served: ServedStream): Promise<void> {
    return this.keep((nowMs) => new OpenStream(served, nowMs));
  }

  /** Looks after a stream until it is over. */
  keep(open: (nowMs: () => number) => KeptStream): Promise<void> {
    const stream = open(this.#nowMs);
    const slot = this.#open.add(stream);
    const over = stream.run();
    if (this.#isClosed) stream.endForNow();
    else this.#cancelTick ??= this.#clock.after(tickMs, this.#tick);
    return over.then(() => this.#open.remove(slot));
  }

  /** Ends every stream with the advice to come back: the process is leaving. Later streams end at once. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTick?.();
    for (const stream of this.#open.values()) stream.endForNow();
  }

  readonly #nowMs = (): number => this.#clock.monotonicMs();

  readonly #tick = (): void => {
    const nowMs = this.#clock.monotonicMs();
    for (const stream of this.#open.values()) stream.check(nowMs, this.#heartbeatMs, this.#stallMs);
    this.#cancelTick = this.#open.size === 0 || this.#isClosed ? null : this.#clock.after(tickMs, this.#tick);
  };
}
