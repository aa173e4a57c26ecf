import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { AgentSearchStore, SearchPage } from './agent-search-store.ts';
import type { AgentSearch, FoundAgent } from './agent-search.ts';
import { RecentAnswers } from './recent-answers.ts';

type Found = readonly FoundAgent[];

/**
 * Searches of this process, answered from memory until something about the tenant's agents changes or `limits.searchRefreshMs` are over.
 * The same search at the same moment is read once.
 */
export class SearchCache implements AgentSearchStore {
  readonly #store: AgentSearchStore;
  readonly #answers: RecentAnswers<Found>;
  readonly #reading = new Map<string, Promise<Found>>();

  constructor(store: AgentSearchStore, clock: Clock) {
    this.#store = store;
    this.#answers = new RecentAnswers(clock, {
      refreshMs: limits.searchRefreshMs,
      bytesMax: limits.searchCacheBytesMax,
    });
  }

  async search(tenantId: TenantId, search: AgentSearch, page: SearchPage): Promise<Found> {
    const key = `${tenantId}/${JSON.stringify([search, page])}`;
    const found = this.#answers.find(key);
    if (found !== null) return found;
    return this.#reading.get(key) ?? this.#read(tenantId, key, () => this.#store.search(tenantId, search, page));
  }

  /** The tenant's agents changed. */
  readonly forget = (tenantId: TenantId): void => {
    this.#answers.forget(tenantId);
    for (const key of this.#reading.keys()) if (key.startsWith(`${tenantId}/`)) this.#reading.delete(key);
  };

  #read(tenantId: TenantId, key: string, read: () => Promise<Found>): Promise<Found> {
    const mark = this.#answers.mark();
    const reading = read()
      .then((found) => {
        this.#answers.keep(key, { tenantId, value: found, bytes: sizeOf(key, found) }, mark);
        return found;
      })
      .finally(() => {
        if (this.#reading.get(key) === reading) this.#reading.delete(key);
      });
    this.#reading.set(key, reading);
    return reading;
  }
}

/** About what it takes in memory. */
function sizeOf(key: string, found: Found): number {
  const bytesEach = 1_000;
  return found.reduce(
    (sum, { agent }) => sum + bytesEach + 2 * (agent.description.length + agent.skillIds.join().length),
    bytesEach + 2 * key.length,
  );
}
