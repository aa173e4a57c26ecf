import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { AgentSearchStore, SearchPage } from './agent-search-store.ts';
import type { AgentSearch, FoundAgent } from './agent-search.ts';

type Found = readonly FoundAgent[];

interface Kept {
  readonly found: Found;
  readonly bytes: number;
  readonly readAtMs: number;
}

/**
 * Searches of this process, answered from memory until something about the tenant's agents changes or `limits.searchRefreshMs` are over.
 * The same search at the same moment is read once.
 */
export class SearchCache implements AgentSearchStore {
  readonly #store: AgentSearchStore;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  readonly #reading = new Map<string, Promise<Found>>();
  #bytes = 0;
  /** How often something was forgotten: what was being read then may be older than the change. */
  #changes = 0;

  constructor(store: AgentSearchStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async search(tenantId: TenantId, search: AgentSearch, page: SearchPage): Promise<Found> {
    const key = `${tenantId}/${JSON.stringify([search, page])}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#clock.monotonicMs() - kept.readAtMs < limits.searchRefreshMs) return kept.found;
    return this.#reading.get(key) ?? this.#read(key, () => this.#store.search(tenantId, search, page));
  }

  /** The tenant's agents changed. */
  readonly forget = (tenantId: TenantId): void => {
    this.#changes += 1;
    for (const key of this.#kept.keys()) if (key.startsWith(`${tenantId}/`)) this.#drop(key);
    for (const key of this.#reading.keys()) if (key.startsWith(`${tenantId}/`)) this.#reading.delete(key);
  };

  #read(key: string, read: () => Promise<Found>): Promise<Found> {
    const readAtMs = this.#clock.monotonicMs();
    const changes = this.#changes;
    const reading = read()
      .then((found) => {
        if (changes === this.#changes) this.#keep(key, { found, bytes: sizeOf(key, found), readAtMs });
        return found;
      })
      .finally(() => {
        if (this.#reading.get(key) === reading) this.#reading.delete(key);
      });
    this.#reading.set(key, reading);
    return reading;
  }

  #keep(key: string, kept: Kept): void {
    this.#drop(key);
    this.#kept.set(key, kept);
    this.#bytes += kept.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= limits.searchCacheBytesMax) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
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
