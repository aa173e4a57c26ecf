import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { effectivePolicy, subjectKey } from './cache-policy.ts';
import type { EffectiveCachePolicy, StoredCachePolicy } from './cache-policy.ts';
import type { CachePolicyStore } from './cache-policy-store.ts';

interface KnownTenant {
  readonly policies: Promise<ReadonlyMap<string, StoredCachePolicy>>;
  readonly readAtMs: number;
}

/** Cache policies in the memory of this process. They are read on first use, after a notification, and every `limits.cachePoliciesRefreshMs`. */
export class KnownCachePolicies {
  readonly #store: Pick<CachePolicyStore, 'read'>;
  readonly #clock: Clock;
  readonly #known = new Map<TenantId, KnownTenant>();

  constructor(store: Pick<CachePolicyStore, 'read'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The policy in force for a skill. Rejects with `platform.unavailable`. */
  async of(tenantId: TenantId, agentName: string, skillId: string): Promise<EffectiveCachePolicy> {
    const nowMs = this.#clock.monotonicMs();
    let known = this.#known.get(tenantId);
    if (known === undefined || nowMs - known.readAtMs >= limits.cachePoliciesRefreshMs) {
      known = { policies: this.#read(tenantId), readAtMs: nowMs };
      keepNewest(this.#known, tenantId, known, limits.knownCachePoliciesMax);
    }
    return effectivePolicy(await known.policies, agentName, skillId);
  }

  /** The tenant's policies changed: read them again on next use. */
  forget(tenantId: TenantId): void {
    this.#known.delete(tenantId);
  }

  #read(tenantId: TenantId): Promise<ReadonlyMap<string, StoredCachePolicy>> {
    const reading = this.#store
      .read(tenantId)
      .then((rows) => new Map(rows.map((row) => [subjectKey(row.subject), row])));
    // The waiting callers get the error; the next call reads again.
    reading.catch(() => {
      if (this.#known.get(tenantId)?.policies === reading) this.#known.delete(tenantId);
    });
    return reading;
  }
}
