import type { Rate } from './token-bucket.ts';

/** What a limit is for: a tenant as a whole, one of its clients (any principal), or one of its agents. */
export type LimitSubjectKind = 'tenant' | 'client' | 'agent';

/** One subject of a tenant. */
export interface LimitSubject {
  readonly kind: LimitSubjectKind;
  /** Id of the principal, or name of the agent; empty for the tenant itself. */
  readonly id: string;
}

/** The limit that was set for a subject. Null: not set, so the limit above it applies. */
export interface LimitSettings {
  /** Requests a second over time; for an agent, sends. */
  readonly requestsPerSecond: number | null;
  /** Requests at once. */
  readonly burstRequests: number | null;
  /** Sends of one day, by the calendar in UTC. */
  readonly sendsPerDay: number | null;
  /** Sends of one month, by the calendar in UTC. */
  readonly sendsPerMonth: number | null;
}

/** A limit as it was set. */
export interface SetLimit extends LimitSettings {
  readonly subject: LimitSubject;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A period that quotas are counted in. */
export type QuotaPeriod = 'day' | 'month';

/** The effective limit of a subject: always a rate, and the quotas that were set. */
export interface EffectiveLimit extends Rate {
  readonly sendsPerDay: number | null;
  readonly sendsPerMonth: number | null;
}

/** The rates that apply where none was set. */
export interface RateDefaults {
  readonly tenant: Rate;
  readonly client: Rate;
  readonly agent: Rate;
}

/** The limit in an agent's card; null for a part that the card leaves open. */
export type CardLimit = Pick<LimitSettings, 'requestsPerSecond' | 'burstRequests'>;

/**
 * The effective limit of a subject below another limit: the smaller of the two, field by field. A rate without a burst allows one second of
 * it at once, and a burst without a rate keeps the rate from above.
 */
export function narrowed(above: EffectiveLimit, settings: LimitSettings | CardLimit): EffectiveLimit {
  const perSecond = Math.min(above.perSecond, settings.requestsPerSecond ?? above.perSecond);
  const burst = settings.burstRequests ?? (settings.requestsPerSecond === null ? above.burst : Math.ceil(perSecond));
  return {
    perSecond,
    burst: Math.max(1, Math.min(above.burst, burst)),
    sendsPerDay: 'sendsPerDay' in settings ? settings.sendsPerDay : null,
    sendsPerMonth: 'sendsPerMonth' in settings ? settings.sendsPerMonth : null,
  };
}

export const noSettings: LimitSettings = {
  requestsPerSecond: null,
  burstRequests: null,
  sendsPerDay: null,
  sendsPerMonth: null,
};

/** A default rate as an effective limit without quotas. */
export function effective(rate: Rate): EffectiveLimit {
  return { perSecond: rate.perSecond, burst: rate.burst, sendsPerDay: null, sendsPerMonth: null };
}

/**
 * The effective limit of a tenant: the limit that an operator set, above or below the default. A rate without a burst allows one second of
 * it at once.
 */
export function limitOfTenant(byDefault: Rate, settings: LimitSettings): EffectiveLimit {
  const { requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth } = settings;
  const burst = burstRequests ?? (requestsPerSecond === null ? byDefault.burst : Math.ceil(requestsPerSecond));
  return { perSecond: requestsPerSecond ?? byDefault.perSecond, burst: Math.max(1, burst), sendsPerDay, sendsPerMonth };
}
