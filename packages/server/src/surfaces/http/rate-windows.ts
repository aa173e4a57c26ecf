import type { Clock } from '../../kernel/clock.ts';

interface Window {
  startedAtMs: number;
  count: number;
}

export interface RateWindowOptions {
  readonly clock: Clock;
  /** Counted in one window; more are refused until it ends. */
  readonly countMax: number;
  readonly windowMs: number;
  /** Keys watched at once; the oldest leaves first. */
  readonly keysMax: number;
}

/** Counts per key in fixed windows, in this process only. A count is two comparisons and an addition. */
export class RateWindows {
  readonly #options: RateWindowOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: RateWindowOptions) {
    this.#options = options;
  }

  /** Counts one. 0 when it is within the bound; otherwise the milliseconds until the window ends. */
  count(key: string): number {
    const nowMs = this.#options.clock.monotonicMs();
    const window = this.#windows.get(key) ?? this.#open(key, nowMs);
    if (nowMs - window.startedAtMs >= this.#options.windowMs) {
      window.startedAtMs = nowMs;
      window.count = 0;
    }
    window.count += 1;
    return window.count <= this.#options.countMax ? 0 : this.#leftMs(window, nowMs);
  }

  /** Whether one more would be refused, and for how many milliseconds; 0 when it would not. Counts nothing. */
  blockedMs(key: string): number {
    const window = this.#windows.get(key);
    if (window === undefined || window.count < this.#options.countMax) return 0;
    return Math.max(0, this.#leftMs(window, this.#options.clock.monotonicMs()));
  }

  #leftMs(window: Window, nowMs: number): number {
    return window.startedAtMs + this.#options.windowMs - nowMs;
  }

  #open(key: string, nowMs: number): Window {
    const window = { startedAtMs: nowMs, count: 0 };
    this.#windows.set(key, window);
    const oldest = this.#windows.keys().next().value;
    if (this.#windows.size > this.#options.keysMax && oldest !== undefined) this.#windows.delete(oldest);
    return window;
  }
}
