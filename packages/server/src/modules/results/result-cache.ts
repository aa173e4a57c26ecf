import type { Clock } from '../../kernel/clock.ts';
import { pause } from '../../kernel/clock.ts';
import type { TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { KnownCachePolicies } from './known-cache-policies.ts';
import { resultKey } from './result-key.ts';
import type { CacheableCall, Canonical } from './result-key.ts';
import type { ClaimOutcome, ResultPlace, ResultStore } from './result-store.ts';
import type { FoundResult, ResultLookup, StoredResult } from './stored-result.ts';

export interface ResultCacheOptions {
  readonly store: ResultStore;
  readonly policies: KnownCachePolicies;
  readonly canonical: Canonical;
  readonly clock: Clock;
  /** Called when the cache stops answering, and when it answers again. */
  readonly onWorking: (isWorking: boolean) => void;
}

/** A place in the cache, with the policy for its results. */
export interface ResultSpot extends ResultPlace {
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly hitPricePercent: number;
}

/** A cache hit, and its price in percent of a call. */
export interface ResultHit {
  readonly skillId: string;
  readonly found: FoundResult;
  readonly pricePercent: number;
}

/** The result cache as calls use it. No method rejects: when the store does not answer, the cache is empty and stores nothing. */
export class ResultCache {
  readonly #options: ResultCacheOptions;
  /** Tasks of this process that wait for the same result share one poll. */
  readonly #polls = new Map<string, Promise<ResultLookup>>();
  #isWorking = true;

  constructor(options: ResultCacheOptions) {
    this.#options = options;
  }

  /** The place for the result of a call; null when the call is not cacheable. */
  async spotOf(call: CacheableCall, ttlMs: number): Promise<ResultSpot | null> {
    const { policies, canonical } = this.#options;
    const { tenantId, agentName } = call.route;
    const policy = await this.#tried(() => policies.of(tenantId, agentName, call.skillId), null);
    if (policy?.isOn !== true) return null;
    const keyHash = resultKey(canonical, call, policy);
    if (keyHash === null) return null;
    const { staleMs, hitPricePercent } = policy;
    return { tenantId, agentName, skillId: call.skillId, keyHash, ttlMs, staleMs, hitPricePercent };
  }

  /** A cache hit, without waiting. */
  async find(spot: ResultSpot): Promise<ResultHit | null> {
    const lookup = await this.#tried(() => this.#options.store.find(spot), vacant);
    return lookup.kind === 'found' ? hitOf(spot, lookup.found) : null;
  }

  claim(spot: ResultSpot, taskId: TaskId): Promise<ClaimOutcome> {
    return this.#tried<ClaimOutcome>(() => this.#options.store.claim(spot, taskId, limits.resultClaimMs), vacant);
  }

  /** Renews a claim until `stop` is called. */
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

  /** Ends a claim, and stores the result if there is one. */
  async end(spot: ResultSpot, taskId: TaskId, result: StoredResult | null): Promise<void> {
    const { store } = this.#options;
    const isStored = result !== null && JSON.stringify(result).length <= limits.resultCharsMax;
    await this.#tried(
      async () => (isStored ? void (await store.fill(spot, taskId, result, spot)) : store.release(spot, taskId)),
      undefined,
    );
  }

  /** Waits `limits.resultPollMs`, then reads a place that another task fills. */
  poll(spot: ResultSpot): Promise<ResultLookup> {
    const key = `${spot.tenantId} ${spot.keyHash}`;
    const pending = this.#polls.get(key);
    if (pending !== undefined) return pending;
    const { clock, store } = this.#options;
    const next = pause(clock, limits.resultPollMs)
      .then(() => this.#tried(() => store.find(spot), vacant))
      .finally(() => this.#polls.delete(key));
    this.#polls.set(key, next);
    return next;
  }

  async #tried<Result>(ask: () => Promise<Result>, otherwise: Result): Promise<Result> {
    try {
      const answer = await ask();
      this.#report(true);
      return answer;
    } catch {
      this.#report(false);
      return otherwise;
    }
  }

  #report(isWorking: boolean): void {
    if (this.#isWorking === isWorking) return;
    this.#isWorking = isWorking;
    this.#options.onWorking(isWorking);
  }
}

const vacant: ResultLookup = { kind: 'vacant' };

export function hitOf(spot: ResultSpot, found: FoundResult): ResultHit {
  return { skillId: spot.skillId, found, pricePercent: spot.hitPricePercent };
}
