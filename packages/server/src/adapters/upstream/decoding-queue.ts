/**
 * Turns for streams that have more to decode than one go: one stream for each round of the event loop, in the order they came, so
 * that however many agents say however much, everything else waits for one of them only.
 */
export class DecodingQueue {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Resolves when it is this stream's turn, which lasts until the caller waits for something. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#waiting.shift()?.();
      this.#schedule();
    });
  }
}
