import type { Clock } from '../../kernel/clock.ts';

/** Ends a turn. */
type Leave = () => void;
type Begin = (leave: Leave) => void;

/**
 * Kinds of batches that take turns: while one kind's batch is in flight, those of the others grow, so that fewer of them are paid for.
 * It is a courtesy and no lock. Who has waited for `patienceMs`, behind a batch that waits for something itself, goes beside it.
 */
export class BatchTurns {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #waiting = new Set<Begin>();
  #isTaken = false;

  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** Calls `begin` in its turn, now or later, once; the turn ends when `begin` calls what it is given. */
  take(begin: Begin): void {
    if (!this.#isTaken) return this.#give(begin);
    const cancel = this.#clock.after(this.#patienceMs, () => {
      this.#waiting.delete(first);
      begin(() => undefined);
    });
    const first: Begin = (leave) => {
      cancel();
      begin(leave);
    };
    this.#waiting.add(first);
  }

  #give(begin: Begin): void {
    this.#isTaken = true;
    begin(() => {
      this.#isTaken = false;
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      this.#give(next);
    });
  }
}
