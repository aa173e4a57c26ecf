import type { Clock } from '../../kernel/clock.ts';
import { pause } from '../../kernel/clock.ts';
import type { TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { KnownResultTerms } from './known-result-terms.ts';
import { resultKey } from './result-key.ts';
import type { CacheableCall, Canonical } from './result-key.ts';
import type { ClaimOutcome, ResultPlace, ResultStore } from './result-store.ts';
import type { FoundResult, ResultLook, StoredResult } from './stored-result.ts';

export interface ResultCacheOptions {
  readonly store: ResultStore;
  readonly terms: KnownResultTerms;
  readonly canonical: Canonical;
  readonly clock: Clock;
  /** The cache does not answer, or answers again. */
  readonly onWorking: (isWorking: boolean) => void;
}

/** A place with what holds there. */
export interface ResultSpot extends ResultPlace {
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly hitPricePercent: number;
}

/** A result for a call, and what it costs. */
export interface ResultHit {
  readonly skillId: string;
  readonly found: FoundResult;
  readonly pricePercent: number;
}

/** Results as calls use them. Nothing here rejects: a cache that does not answer has nothing, and keeps nothing. */
export class ResultCache {
  readonly #options: ResultCacheOptions;
  /** One look at a time for all tasks of this process that wait for the same result. */
  readonly #looks = new Map<string, Promise<ResultLook>>();
  #isWorking = true;

  constructor(options: ResultCacheOptions) {
    this.#options = options;
  }

  /** Where the result of a call is kept; null when it is not to be. */
  async spotOf(call: CacheableCall, ttlMs: number): Promise<ResultSpot | null> {
    const { terms, canonical } = this.#options;
    const { tenantId, agentName } = call.route;
    const known = await this.#tried(() => terms.of(tenantId, agentName, call.skillId), null);
    if (known?.isOn !== true) return null;
    const keyHash = resultKey(canonical, call, known);
    if (keyHash === null) return null;
    const { staleMs, hitPricePercent } = known;
    return { tenantId, agentName, skillId: call.skillId, keyHash, ttlMs, staleMs, hitPricePercent };
  }

  /** A result that can be given at once. */
  async find(spot: ResultSpot): Promise<ResultHit | null> {
    const look = await this.#tried(() => this.#options.store.find(spot), vacant);
    return look.kind === 'found' ? hitOf(spot, look.found) : null;
  }

  claim(spot: ResultSpot, taskId: TaskId): Promise<ClaimOutcome> {
    return this.#tried<ClaimOutcome>(() => this.#options.store.claim(spot, taskId, limits.resultClaimMs), vacant);
  }

  /** Holds a claim until `stop` is called. */
  hold(spot: ResultSpot, taskId: TaskId): { readonly stop: () => void } {
    const { clock, store } = this.#options;
    const stopping = new AbortController();
    const renew = async (): Promise<void> => {
      for (;;) {
        await pause(clock, limits.resultRenewMs, stopping.signal);
        if (stopping.signal.aborted) return;
        if (!(await this.#tried(() => store.renew(spot, taskId, limits.resultClaimMs), true))) return;
      }
    };
    void renew();
    return { stop: () => stopping.abort() };
  }

  /** Ends a claim, with a result that others may have or without one. */
  async end(spot: ResultSpot, taskId: TaskId, result: StoredResult | null): Promise<void> {
    const { store } = this.#options;
    const isKept = result !== null && JSON.stringify(result).length <= limits.resultCharsMax;
    await this.#tried(
      async () => (isKept ? void (await store.fill(spot, taskId, result, spot)) : store.release(spot, taskId)),
      undefined,
    );
  }

  /** The next look at a place that another task fills; tasks that wait for the same look together. */
  look(spot: ResultSpot): Promise<ResultLook> {
    const key = `${spot.tenantId} ${spot.keyHash}`;
    const looking = this.#looks.get(key);
    if (looking !== undefined) return looking;
    const { clock, store } = this.#options;
    const next = pause(clock, limits.resultLookMs)
      .then(() => this.#tried(() => store.find(spot), vacant))
      .finally(() => this.#looks.delete(key));
    this.#looks.set(key, next);
    return next;
  }

  async #tried<Result>(ask: () => Promise<Result>, otherwise: Result): Promise<Result> {
    try {
      const answer = await ask();
      this.#tell(true);
      return answer;
    } catch {
      this.#tell(false);
      return otherwise;
    }
  }

  #tell(isWorking: boolean): void {
    if (this.#isWorking === isWorking) return;
    this.#isWorking = isWorking;
    this.#options.onWorking(isWorking);
  }
}

const vacant: ResultLook = { kind: 'vacant' };

export function hitOf(spot: ResultSpot, found: FoundResult): ResultHit {
  return { skillId: spot.skillId, found, pricePercent: spot.hitPricePercent };
}
