import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import type { LimitStore } from './limit-store.ts';
import { effective, limitOfTenant, narrowed, noSettings } from './rate-limit.ts';
import type { CardLimit, EffectiveLimit, LimitSubject, RateDefaults, SetLimit } from './rate-limit.ts';

/** The effective limits of one tenant, its clients and its agents. */
export class TenantLimits {
  readonly tenant: EffectiveLimit;
  readonly #defaults: RateDefaults;
  readonly #set: ReadonlyMap<string, SetLimit>;

  constructor(defaults: RateDefaults, set: readonly SetLimit[]) {
    this.#defaults = defaults;
    this.#set = new Map(set.map((one) => [keyOf(one.subject), one]));
    this.tenant = limitOfTenant(defaults.tenant, this.#set.get('tenant ') ?? noSettings);
  }

  /** The limit of a principal: never above its tenant's. */
  client(id: string): EffectiveLimit {
    return narrowed(this.#below(this.#defaults.client), this.#set.get(keyOf({ kind: 'client', id })) ?? noSettings);
  }

  /** The limit of an agent: never above its card's, and never above its tenant's. */
  agent(name: string, card: CardLimit | null): EffectiveLimit {
    const below = this.#below(this.#defaults.agent);
    const said = card === null ? below : narrowed(below, card);
    return narrowed(said, this.#set.get(keyOf({ kind: 'agent', id: name })) ?? noSettings);
  }

  /**
   * The default for a tenant's clients and agents: when the tenant's limit is raised, theirs rises with it, unless they have limits of their own.
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
  /** The running read; null for none. */
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
 * The limits that this process uses. `of` never waits: limits older than `limits.limitsRefreshMs` are read again beside the request, and
 * apply until the new ones are there. A tenant whose limits were never read has the defaults.
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

  /** Resolves when the limits of a tenant were read, or could not be: before the first request of the tenant is admitted. */
  learn(tenantId: TenantId): Promise<void> | void {
    const known = this.#known.get(tenantId) ?? this.#begin(tenantId);
    if (known.isRead) return;
    if (known.reading === null) this.#read(tenantId, known);
    return known.reading ?? undefined;
  }

  /** The limits of a tenant changed: the next request starts a read. */
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
