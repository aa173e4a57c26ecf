import type { Clock } from '../../kernel/clock.ts';

export interface AskedLatelyBounds {
  /** Length of a window. A key is forgotten after at most two windows. */
  readonly windowMs: number;
  /** Keys in one window. When it is full, the next window begins. */
  readonly keysMax: number;
}

/** Remembers recent keys in two windows. The answer to a repeated question is worth caching. */
export class AskedLately {
  readonly #clock: Clock;
  readonly #bounds: AskedLatelyBounds;
  #now = new Set<string>();
  #before: ReadonlySet<string> = new Set();
  #windowStartMs = -Infinity;

  constructor(clock: Clock, bounds: AskedLatelyBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Notes a key. True when it was noted before. */
  note(key: string): boolean {
    this.#rotate();
    const isKnown = this.#now.has(key) || this.#before.has(key);
    this.#now.add(key);
    return isKnown;
  }

  #rotate(): void {
    const nowMs = this.#clock.monotonicMs();
    const sinceMs = nowMs - this.#windowStartMs;
    if (sinceMs < this.#bounds.windowMs && this.#now.size < this.#bounds.keysMax) return;
    this.#before = sinceMs < 2 * this.#bounds.windowMs ? this.#now : new Set();
    this.#now = new Set();
    this.#windowStartMs = nowMs;
  }
}
