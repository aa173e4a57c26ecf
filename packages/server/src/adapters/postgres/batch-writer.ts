import { PlatformError } from '../../kernel/errors.ts';
import { AmbiguousCommitError, DatabaseUnavailableError, hasSqlState, isStatementError } from './database-errors.ts';

export interface BatchWriterOptions<Item, Outcome> {
  /** Writes all items in one transaction and answers one outcome for each, in order. Must be repeatable after an unknown outcome. */
  readonly write: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  readonly batchItemsMax: number;
  readonly batchesInFlightMax: number;
  /** More waiting items than this are refused as `platform.overloaded`. */
  readonly queueItemsMax: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

const ambiguousTriesMax = 3;
/** Deadlock, serialization failure, lock timeout: the transaction did nothing and may be sent again. */
const repeatableStates = ['40P01', '40001', '55P03'];

/**
 * Group commit without a timer: while batches are in flight, the next one forms. One item that the database refuses is found by
 * halving the batch and fails alone. Rejects with `platform.unavailable` while the database is away, `platform.overloaded` above
 * the queue's bound, `request.invalid` for an item that no table can hold.
 */
export class BatchWriter<Item, Outcome> {
  readonly #options: BatchWriterOptions<Item, Outcome>;
  #queue: Waiting<Item, Outcome>[] = [];
  #inFlight = 0;
  #isScheduled = false;

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
    while (this.#queue.length > 0 && this.#inFlight < this.#options.batchesInFlightMax) {
      const batch = this.#queue.splice(0, this.#options.batchItemsMax);
      this.#inFlight += 1;
      void this.#settle(batch).finally(() => {
        this.#inFlight -= 1;
        this.#launch();
      });
    }
  }

  async #settle(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#write(batch);
      for (const [at, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[at];
        if (outcome === undefined) reject(new Error('A batch lost an outcome.'));
        else resolve(outcome);
      }
    } catch (error) {
      if (isStatementError(error) && batch.length > 1) return this.#bisect(batch);
      for (const { reject } of batch) reject(asOutcome(error));
    }
  }

  async #bisect(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    const middle = batch.length >> 1;
    await this.#settle(batch.slice(0, middle));
    await this.#settle(batch.slice(middle));
  }

  async #write(batch: readonly Waiting<Item, Outcome>[]): Promise<readonly Outcome[]> {
    const items = batch.map(({ item }) => item);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#options.write(items);
      } catch (error) {
        const mayRepeat =
          error instanceof AmbiguousCommitError || repeatableStates.some((state) => hasSqlState(error, state));
        if (!mayRepeat || tries >= ambiguousTriesMax) throw error;
      }
    }
  }
}

/** Classes 22 and 54 are values that no table can hold; everything else of a single item is the database's state of health. */
function asOutcome(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError || error instanceof AmbiguousCommitError) {
    return new PlatformError('platform.unavailable', { cause: error });
  }
  if (isStatementError(error)) {
    const isUnstorable = error.code?.startsWith('22') === true || error.code?.startsWith('54') === true;
    const isTransient = repeatableStates.includes(error.code ?? '') || /^(53|57|58|25)/.test(error.code ?? '');
    if (isUnstorable) return new PlatformError('request.invalid', { cause: error });
    if (isTransient) return new PlatformError('platform.unavailable', { cause: error });
  }
  return error;
}
