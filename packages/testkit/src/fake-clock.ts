import type { Clock } from '@colloquy/server/test';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that moves when a test says so. `advance` runs the timers that fall due, in order. */
export class FakeClock implements Clock {
  #elapsedMs = 0;
  readonly #startMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = Date.now()) {
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#elapsedMs + delayMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have not run and were not cancelled. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time forward; between two timers the pending work of the event loop gets its turn. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + byMs;
    for (;;) {
      const next = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#elapsedMs = untilMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
