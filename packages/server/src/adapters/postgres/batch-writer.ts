import { pause } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { BatchSchedule } from './batch-schedule.ts';
import { AmbiguousCommitError, hasSqlState, isStatementError } from './database-errors.ts';
import { isAway } from './when-available.ts';

export interface BatchWriterOptions<Item, Outcome> {
  /** Writes all items in one transaction and answers one outcome for each, in order. Must be repeatable after an unknown outcome. */
  readonly write: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  readonly clock: Clock;
  readonly batchItemsMax: number;
  readonly batchesInFlightMax: number;
  /** More waiting items than this are refused as `platform.overloaded`. */
  readonly queueItemsMax: number;
  /** The schedule that its batches share with other kinds; absent when they start as soon as they can. */
  readonly schedule?: Pick<BatchSchedule, 'take'>;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

const always: Pick<BatchSchedule, 'take'> = { take: (begin) => begin(() => undefined) };
const attemptsMax = 5;
/**
 * Deadlock, serialization failure, lock timeout, a plan that a migration made stale, and a key that another transaction took at the same moment,
 * which the next attempt finds. Nothing was done, so the batch may be sent again.
 */
const repeatableStates = ['40P01', '40001', '55P03', '0A000', '26000', '42P05', '23505'];
const unsureDelayMsMin = 25;
const unsureDelayMsMax = 1_000;

/**
 * Group commit without a timer: while batches are in flight, the next one forms. One item that cannot be written is found by
 * halving the batch and fails alone. Rejects with `platform.unavailable` while the database is away, `platform.overloaded` above
 * the queue's bound, `request.invalid` for an item that no table can hold.
 *
 * A batch whose commit got no answer is repeated until its outcome is known, however long the database is unavailable: otherwise no process
 * would own what it may have written.
 */
export class BatchWriter<Item, Outcome> {
  readonly #options: BatchWriterOptions<Item, Outcome>;
  #queue: Waiting<Item, Outcome>[] = [];
  /** As many as a few batches at most: they were in one before. */
  #repeats: Waiting<Item, Outcome>[] = [];
  #inFlight = 0;
  #isScheduled = false;
  /** A batch waits to start, and takes further items until then. */
  #isInLine = false;

  constructor(options: BatchWriterOptions<Item, Outcome>) {
    this.#options = options;
  }

  submit(item: Item): Promise<Outcome> {
    if (this.#queue.length >= this.#options.queueItemsMax)
      return Promise.reject(new PlatformError('platform.overloaded'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Writes an item again that was admitted before, ahead of new items, so that they can not delay it for ever. */
  resubmit(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#repeats.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Everything that arrives in one turn of the event loop can share a batch. */
  #schedule(): void {
    if (this.#isScheduled || this.#inFlight >= this.#options.batchesInFlightMax) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#launch();
    });
  }

  #launch(): void {
    const { batchesInFlightMax, schedule = always } = this.#options;
    while (this.#queue.length + this.#repeats.length > 0 && this.#inFlight < batchesInFlightMax && !this.#isInLine) {
      this.#inFlight += 1;
      this.#isInLine = true;
      schedule.take((leave) => {
        this.#isInLine = false;
        this.#send(leave);
      });
    }
  }

  /** Starts a batch with all items that have come until then. */
  #send(leave: () => void): void {
    const { batchItemsMax } = this.#options;
    const batch = this.#repeats.splice(0, batchItemsMax);
    batch.push(...this.#queue.splice(0, batchItemsMax - batch.length));
    void this.#settle(batch, () => {
      this.#inFlight -= 1;
      leave();
      this.#launch();
    });
  }

  /** `over` is called as soon as the batch is: the next one leaves before this one's outcomes are dealt with. */
  async #settle(batch: readonly Waiting<Item, Outcome>[], over: () => void): Promise<void> {
    try {
      const outcomes = await this.#write(batch);
      over();
      for (const [at, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[at];
        if (outcome === undefined) reject(new Error('A batch lost an outcome.'));
        else resolve(outcome);
      }
    } catch (error) {
      if (batch.length > 1 && !isAway(error)) return this.#bisect(batch, over);
      over();
      for (const { reject } of batch) reject(asOutcome(error));
    }
  }

  async #bisect(batch: readonly Waiting<Item, Outcome>[], over: () => void): Promise<void> {
    const middle = batch.length >> 1;
    await this.#settle(batch.slice(0, middle), () => undefined);
    await this.#settle(batch.slice(middle), over);
  }

  async #write(batch: readonly Waiting<Item, Outcome>[]): Promise<readonly Outcome[]> {
    const items = batch.map(({ item }) => item);
    let isUnsure = false;
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await this.#options.write(items);
      } catch (error) {
        isUnsure ||= error instanceof AmbiguousCommitError;
        if (!mayRepeat(error, isUnsure, attempts)) throw error;
        if (isUnsure) await pause(this.#options.clock, Math.min(unsureDelayMsMin * 2 ** attempts, unsureDelayMsMax));
      }
    }
  }
}

/** An unsure batch is repeated for as long as the database's health is the only complaint. */
function mayRepeat(error: unknown, isUnsure: boolean, attempts: number): boolean {
  const isConflict = repeatableStates.some((state) => hasSqlState(error, state));
  return isUnsure ? isConflict || isAway(error) : isConflict && attempts < attemptsMax;
}

/** Classes 22 and 54 are values that no table can hold. */
function asOutcome(error: unknown): unknown {
  if (isAway(error)) return new PlatformError('platform.unavailable', { cause: error });
  const isUnstorable = isStatementError(error) && /^(22|54)/.test(error.code ?? '');
  return isUnstorable ? new PlatformError('request.invalid', { cause: error }) : error;
}
