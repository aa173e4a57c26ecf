import type { Clock } from '../../kernel/clock.ts';

/** Ends the batch that is in flight. */
type Leave = () => void;
type Begin = (leave: Leave) => void;

/**
 * Lets batches of several kinds alternate: while a batch of one kind is in flight, those of the others grow, so fewer transactions are needed.
 * This is an optimisation and no lock. A batch that has waited for `patienceMs` starts in parallel, and the next ones wait for it instead: a
 * batch that hangs delays one other batch, and not every batch that comes while it hangs.
 */
export class BatchSchedule {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #waiting = new Set<Begin>();
  /** The batch that the next ones wait for; null for none. */
  #current: Leave | null = null;

  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** Calls `begin` once, when no batch of another kind is in flight or the patience is over. The batch ends when `begin` calls its argument. */
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
      // The next batches no longer wait for a batch that was overtaken.
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
