import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import type { LimitStore } from './limit-store.ts';
import { effective, limitOfTenant, narrowed, noTerms } from './rate-limit.ts';
import type { CardLimit, EffectiveLimit, LimitSubject, RateDefaults, SetLimit } from './rate-limit.ts';

/** What holds for one tenant, its clients and its agents. */
export class TenantLimits {
  readonly tenant: EffectiveLimit;
  readonly #defaults: RateDefaults;
  readonly #set: ReadonlyMap<string, SetLimit>;

  constructor(defaults: RateDefaults, set: readonly SetLimit[]) {
    this.#defaults = defaults;
    this.#set = new Map(set.map((one) => [keyOf(one.subject), one]));
    this.tenant = limitOfTenant(defaults.tenant, this.#set.get('tenant ') ?? noTerms);
  }

  /** What holds for a principal: never more than for its tenant. */
  client(id: string): EffectiveLimit {
    return narrowed(this.#below(this.#defaults.client), this.#set.get(keyOf({ kind: 'client', id })) ?? noTerms);
  }

  /** What holds for an agent: never more than its card says, and never more than for its tenant. */
  agent(name: string, card: CardLimit | null): EffectiveLimit {
    const below = this.#below(this.#defaults.agent);
    const said = card === null ? below : narrowed(below, card);
    return narrowed(said, this.#set.get(keyOf({ kind: 'agent', id: name })) ?? noTerms);
  }

  /**
   * A default below the tenant's: what is raised for a tenant is raised for its clients and agents, unless they have limits of their own.
   */
  #below(byDefault: EffectiveLimit | RateDefaults['client']): EffectiveLimit {
    const { perSecond, burst } = this.tenant;
    const isRaised = perSecond > this.#defaults.tenant.perSecond;
    return isRaised ? effective({ perSecond, burst }) : effective(smaller(byDefault, { perSecond, burst }));
  }
}

function smaller(one: RateDefaults['client'], other: RateDefaults['client']): RateDefaults['client'] {
  return { perSecond: Math.min(one.perSecond, other.perSecond), burst: Math.min(one.burst, other.burst) };
}

function keyOf({ kind, id }: LimitSubject): string {
  return `${kind} ${id}`;
}

interface KnownTenant {
  limits: TenantLimits;
  nextReadAtMs: number;
  /** The one under way; null for none. */
  reading: Promise<void> | null;
  isRead: boolean;
}

export interface KnownLimitsOptions {
  readonly store: Pick<LimitStore, 'read'>;
  readonly clock: Clock;
  readonly defaults: RateDefaults;
}

const retryMs = 1_000;

/**
 * The limits in use by this process. Asking never waits: what is older than `limits.limitsRefreshMs` is read anew beside the request, and
 * holds until the answer is there. A tenant asked for before it is learnt has the defaults until then.
 */
export class KnownLimits {
  readonly #options: KnownLimitsOptions;
  readonly #known = new Map<TenantId, KnownTenant>();

  constructor(options: KnownLimitsOptions) {
    this.#options = options;
  }

  of(tenantId: TenantId): TenantLimits {
    const known = this.#known.get(tenantId) ?? this.#begin(tenantId);
    if (this.#options.clock.monotonicMs() >= known.nextReadAtMs && known.reading === null) this.#read(tenantId, known);
    return known.limits;
  }

  /** Resolves when the limits of a tenant were read, or could not be: before anybody of it is let in for the first time. */
  learn(tenantId: TenantId): Promise<void> | void {
    const known = this.#known.get(tenantId) ?? this.#begin(tenantId);
    if (known.isRead) return;
    if (known.reading === null) this.#read(tenantId, known);
    return known.reading ?? undefined;
  }

  /** The limits of a tenant changed: they are read anew before long. */
  forget(tenantId: TenantId): void {
    const known = this.#known.get(tenantId);
    if (known !== undefined) known.nextReadAtMs = Number.NEGATIVE_INFINITY;
  }

  #begin(tenantId: TenantId): KnownTenant {
    const limitsByDefault = new TenantLimits(this.#options.defaults, []);
    const known: KnownTenant = {
      limits: limitsByDefault,
      nextReadAtMs: Number.NEGATIVE_INFINITY,
      reading: null,
      isRead: false,
    };
    keepNewest(this.#known, tenantId, known, limits.knownLimitsMax);
    return known;
  }

  #read(tenantId: TenantId, known: KnownTenant): void {
    const { clock } = this.#options;
    known.nextReadAtMs = clock.monotonicMs() + limits.limitsRefreshMs;
    known.reading = this.#readNow(tenantId, known)
      .catch(() => void (known.nextReadAtMs = clock.monotonicMs() + retryMs))
      .finally(() => (known.reading = null));
  }

  async #readNow(tenantId: TenantId, known: KnownTenant): Promise<void> {
    const { store, defaults } = this.#options;
    known.limits = new TenantLimits(defaults, await store.read(tenantId));
    known.isRead = true;
  }
}
