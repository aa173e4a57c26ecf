import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { EntryMap } from '../../kernel/entry-map.ts';
import type { AgentSearchStore, SearchPage } from './agent-search-store.ts';
import type { AgentSearch, FoundAgent } from './agent-search.ts';
import { AskedLately } from './asked-lately.ts';
import { AnswerCache } from './answer-cache.ts';

type Found = readonly FoundAgent[];

interface Reading {
  readonly found: Promise<Found>;
  /** The same search was made recently, or several callers make it now. */
  isRepeated: boolean;
}

/**
 * Caches repeated searches of this process until an agent of the tenant changes or `limits.searchRefreshMs` have passed. Equal concurrent
 * searches share one read. The answer to a search that is not repeated is not cached: its thousands of objects would make collections of
 * V8's young generation slow.
 */
export class SearchCache implements AgentSearchStore {
  readonly #store: AgentSearchStore;
  readonly #asked: AskedLately;
  readonly #answers: AnswerCache<Found>;
  readonly #reading = new EntryMap<string, Reading>();

  constructor(store: AgentSearchStore, clock: Clock) {
    this.#store = store;
    this.#asked = new AskedLately(clock, { windowMs: limits.searchRefreshMs, keysMax: limits.searchesNotedMax });
    this.#answers = new AnswerCache(clock, {
      refreshMs: limits.searchRefreshMs,
      bytesMax: limits.searchCacheBytesMax,
    });
  }

  async search(tenantId: TenantId, search: AgentSearch, page: SearchPage): Promise<Found> {
    const key = `${tenantId}/${JSON.stringify([search, page])}`;
    const isRepeated = this.#asked.note(key);
    const kept = this.#answers.find(key);
    if (kept !== null) return kept;
    const reading = this.#reading.get(key);
    if (reading === undefined)
      return this.#read(tenantId, { key, isRepeated }, () => this.#store.search(tenantId, search, page));
    reading.isRepeated = true;
    return reading.found;
  }

  /** Drops the tenant's answers, because its agents changed. */
  readonly forget = (tenantId: TenantId): void => {
    this.#answers.forget(tenantId);
    const isTenants = ([key]: readonly [string, Reading]): boolean => key.startsWith(`${tenantId}/`);
    for (const [key] of Array.from(this.#reading).filter(isTenants)) this.#reading.delete(key);
  };

  async #read(
    tenantId: TenantId,
    { key, isRepeated }: { key: string; isRepeated: boolean },
    read: () => Promise<Found>,
  ): Promise<Found> {
    const mark = this.#answers.mark();
    const reading: Reading = { found: read(), isRepeated };
    this.#reading.set(key, reading);
    try {
      const value = await reading.found;
      if (reading.isRepeated) this.#answers.keep(key, { tenantId, value, bytes: sizeOf(key, value) }, mark);
      return value;
    } finally {
      if (this.#reading.get(key) === reading) this.#reading.delete(key);
    }
  }
}

/** The approximate size in memory. */
function sizeOf(key: string, found: Found): number {
  const bytesEach = 1_000;
  return found.reduce(
    (sum, { agent }) => sum + bytesEach + 2 * (agent.description.length + agent.skillIds.join().length),
    bytesEach + 2 * key.length,
  );
}
