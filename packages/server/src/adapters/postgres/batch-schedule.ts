import type { Clock } from '../../kernel/clock.ts';

/** Ends a turn. */
type Leave = () => void;
type Begin = (leave: Leave) => void;

/**
 * Kinds of batches that take turns: while one kind's batch is in flight, those of the others grow, so that fewer of them are paid for.
 * It is a courtesy and no lock. Who has waited for `patienceMs`, behind a batch that waits for something itself, goes beside it and
 * has the turn from then on: what hangs is waited for once, and not by every batch that comes while it hangs.
 */
export class BatchSchedule {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #waiting = new Set<Begin>();
  /** Whose turn it is; null: nobody's. */
  #current: Leave | null = null;

  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** Calls `begin` in its turn, now or later, once; the turn ends when `begin` calls what it is given. */
  take(begin: Begin): void {
    if (this.#current === null) return this.#give(begin);
    const cancel = this.#clock.after(this.#patienceMs, () => {
      this.#waiting.delete(first);
      this.#give(begin);
    });
    const first: Begin = (leave) => {
      cancel();
      begin(leave);
    };
    this.#waiting.add(first);
  }

  #give(begin: Begin): void {
    const leave: Leave = () => {
      // Whoever was overtaken has no turn to end.
      if (this.#current !== leave) return;
      this.#current = null;
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      this.#give(next);
    };
    this.#current = leave;
    begin(leave);
  }
}
