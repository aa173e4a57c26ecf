import type { Clock } from '../../kernel/clock.ts';

/** After long work others have the process for this many times as long, */
const pausePerWork = 3;
/** and for this long at most. */
const pauseMsMax = 40;
/** Shorter work needs no pause. */
const longWorkMs = 2;

interface Waiting {
  readonly work: () => void;
  readonly resolve: () => void;
}

/**
 * A queue for streams with a lot to decode. Each round of the event loop lets one stream decode, in order of arrival, and long work is
 * followed by a pause. So other work waits for one stream at most, and has most of the process, however many agents send large answers.
 */
export class DecodingQueue {
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #isScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the work, which must not throw, when its turn has come. */
  run(work: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ work, resolve });
      if (!this.#isScheduled) this.#schedule(0);
    });
  }

  #schedule(pauseMs: number): void {
    this.#isScheduled = true;
    if (pauseMs > 0) this.#clock.after(pauseMs, this.#next);
    else setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#isScheduled = false;
      return;
    }
    const startedMs = this.#clock.monotonicMs();
    next.work();
    const tookMs = this.#clock.monotonicMs() - startedMs;
    next.resolve();
    this.#schedule(tookMs < longWorkMs ? 0 : Math.min(pauseMsMax, pausePerWork * tookMs));
  };
}
