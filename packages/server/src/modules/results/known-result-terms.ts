import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { effectiveTerms, subjectKey } from './result-terms.ts';
import type { EffectiveResultTerms, KeptResultTerms } from './result-terms.ts';
import type { ResultTermsStore } from './result-terms-store.ts';

interface KnownTenant {
  readonly terms: Promise<ReadonlyMap<string, KeptResultTerms>>;
  readonly readAtMs: number;
}

/** The terms in use by this process: read when they are first needed, on a hint, and when they are older than `limits.resultTermsRefreshMs`. */
export class KnownResultTerms {
  readonly #store: Pick<ResultTermsStore, 'read'>;
  readonly #clock: Clock;
  readonly #known = new Map<TenantId, KnownTenant>();

  constructor(store: Pick<ResultTermsStore, 'read'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** What holds for a skill. Rejects with `platform.unavailable`. */
  async of(tenantId: TenantId, agentName: string, skillId: string): Promise<EffectiveResultTerms> {
    const nowMs = this.#clock.monotonicMs();
    let known = this.#known.get(tenantId);
    if (known === undefined || nowMs - known.readAtMs >= limits.resultTermsRefreshMs) {
      known = { terms: this.#read(tenantId), readAtMs: nowMs };
      keepNewest(this.#known, tenantId, known, limits.knownResultTermsMax);
    }
    return effectiveTerms(await known.terms, agentName, skillId);
  }

  /** Something of the tenant changed: it is read anew before it is used again. */
  forget(tenantId: TenantId): void {
    this.#known.delete(tenantId);
  }

  #read(tenantId: TenantId): Promise<ReadonlyMap<string, KeptResultTerms>> {
    const reading = this.#store
      .read(tenantId)
      .then((rows) => new Map(rows.map((row) => [subjectKey(row.subject), row])));
    // Who needs the terms is told; the next one asks again.
    reading.catch(() => {
      if (this.#known.get(tenantId)?.terms === reading) this.#known.delete(tenantId);
    });
    return reading;
  }
}
