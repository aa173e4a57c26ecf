import type { Clock } from '../../kernel/clock.ts';

export interface AskedLatelyBounds {
  /** What was asked longer ago than twice this time is forgotten. */
  readonly windowMs: number;
  /** So many are remembered, and as many of the time before; one more begins the next time. */
  readonly keysMax: number;
}

/** What was asked a short time ago: whatever is asked again is worth keeping the answer. */
export class AskedLately {
  readonly #clock: Clock;
  readonly #bounds: AskedLatelyBounds;
  #now = new Set<string>();
  #before: ReadonlySet<string> = new Set();
  #turnedAtMs = -Infinity;

  constructor(clock: Clock, bounds: AskedLatelyBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Notes that it is asked; whether it was asked already. */
  note(key: string): boolean {
    this.#turn();
    const isKnown = this.#now.has(key) || this.#before.has(key);
    this.#now.add(key);
    return isKnown;
  }

  #turn(): void {
    const nowMs = this.#clock.monotonicMs();
    const sinceMs = nowMs - this.#turnedAtMs;
    if (sinceMs < this.#bounds.windowMs && this.#now.size < this.#bounds.keysMax) return;
    this.#before = sinceMs < 2 * this.#bounds.windowMs ? this.#now : new Set();
    this.#now = new Set();
    this.#turnedAtMs = nowMs;
  }
}
