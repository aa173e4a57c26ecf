/**
 * A queue for streams with a lot to decode. Each round of the event loop lets one stream decode, in order of arrival. So other work waits
 * for one stream at most, however many agents send large answers.
 */
export class DecodingQueue {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Resolves when the stream may decode, until the caller's next `await`. */
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
