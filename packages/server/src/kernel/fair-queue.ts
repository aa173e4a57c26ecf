import type { Clock } from './clock.ts';
import type { TenantId } from './ids.ts';

/** After long work others have the process for this many times as long, */
const pausePerWork = 3;
/** and for this long at most. */
const pauseMsMax = 40;
/** Shorter pieces of work follow each other without a pause, until together they took this long. */
const longWorkMs = 2;

/** The result of work that was needless by its turn, and was not done. */
export const dropped = Symbol('dropped');

/** What it takes to leave the thread to other work between two pieces of work. */
export interface Pace {
  readonly clock: Clock;
  /** Calls `run` in the next round of the event loop. */
  readonly soon: (run: () => void) => void;
}

interface Waiting {
  /** Settles the promise of the one that waits. Never rejects. */
  readonly work: () => Promise<void>;
  readonly isNeedless: () => boolean;
  readonly drop: () => void;
}

/**
 * One piece of work at a time: the tenants are served in rotation, and the work of each in order of arrival. So no tenant waits for all the work of
 * another. With a pace, work has a quarter of the thread's time at most, and everything else has the rest.
 */
export class FairQueue {
  readonly #pace: Pace | undefined;
  /** Tenants with waiting work; the first one is next. */
  readonly #waiting = new Map<TenantId, Waiting[]>();
  #isBusy = false;
  #workedMs = 0;

  constructor(pace?: Pace) {
    this.#pace = pace;
  }

  /** Runs the work when it is next. `dropped`, without running it, when it `isNeedless` by then. Rejects with what the work throws. */
  run<Result>(
    tenantId: TenantId,
    work: () => Result | Promise<Result>,
    isNeedless: () => boolean = () => false,
  ): Promise<Result | typeof dropped> {
    return new Promise((resolve, reject) => {
      const settle = async (): Promise<void> => {
        try {
          resolve(await this.#timed(work));
        } catch (error) {
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what the work threw
          reject(error);
        }
      };
      const waiting = { work: settle, isNeedless, drop: () => resolve(dropped) };
      const ofTenant = this.#waiting.get(tenantId);
      if (ofTenant === undefined) this.#waiting.set(tenantId, [waiting]);
      else ofTenant.push(waiting);
      if (!this.#isBusy) this.#schedule();
    });
  }

  #timed<Result>(work: () => Result): Result {
    if (this.#pace === undefined) return work();
    const { clock } = this.#pace;
    const startedMs = clock.monotonicMs();
    try {
      return work();
    } finally {
      this.#workedMs += clock.monotonicMs() - startedMs;
    }
  }

  #schedule(): void {
    this.#isBusy = true;
    if (this.#pace === undefined) return this.#next();
    const pauseMs = Math.min(pauseMsMax, pausePerWork * this.#workedMs);
    if (this.#workedMs < longWorkMs) return this.#pace.soon(this.#next);
    this.#workedMs = 0;
    this.#pace.clock.after(pauseMs, this.#next);
  }

  readonly #next = (): void => {
    const next = this.#take();
    this.#isBusy = next !== undefined;
    void next?.work().then(() => this.#schedule());
  };

  /** The next work that is still needed; its tenant is last from now on. */
  #take(): Waiting | undefined {
    for (const [tenantId, waiting] of this.#waiting) {
      let next = waiting.shift();
      while (next?.isNeedless() === true) {
        next.drop();
        next = waiting.shift();
      }
      this.#waiting.delete(tenantId);
      if (waiting.length > 0) this.#waiting.set(tenantId, waiting);
      if (next !== undefined) return next;
    }
    return undefined;
  }
}
