import type { Rate } from './token-bucket.ts';

/** What a limit is for: a tenant as a whole, one of its clients (any principal), or one of its agents. */
export type LimitSubjectKind = 'tenant' | 'client' | 'agent';

/** One subject of a tenant. */
export interface LimitSubject {
  readonly kind: LimitSubjectKind;
  /** Id of the principal, or name of the agent; empty for the tenant itself. */
  readonly id: string;
}

/** What was set for a subject. Null: nothing was, so what holds above it holds. */
export interface LimitTerms {
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
export interface SetLimit extends LimitTerms {
  readonly subject: LimitSubject;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A period that quotas are counted in. */
export type QuotaPeriod = 'day' | 'month';

/** What holds for a subject: a rate always, quotas where they are set. */
export interface EffectiveLimit extends Rate {
  readonly sendsPerDay: number | null;
  readonly sendsPerMonth: number | null;
}

/** What holds where nothing was set. */
export interface RateDefaults {
  readonly tenant: Rate;
  readonly client: Rate;
  readonly agent: Rate;
}

/** What an agent's card says of itself; null for what it leaves open. */
export type CardLimit = Pick<LimitTerms, 'requestsPerSecond' | 'burstRequests'>;

/**
 * What holds for a subject, given what holds above it: the smaller of the two, term by term. A rate without a burst allows one second of
 * it at once, and a burst without a rate keeps the rate from above.
 */
export function narrowed(above: EffectiveLimit, terms: LimitTerms | CardLimit): EffectiveLimit {
  const perSecond = Math.min(above.perSecond, terms.requestsPerSecond ?? above.perSecond);
  const wished = terms.burstRequests ?? (terms.requestsPerSecond === null ? above.burst : Math.ceil(perSecond));
  return {
    perSecond,
    burst: Math.max(1, Math.min(above.burst, wished)),
    sendsPerDay: 'sendsPerDay' in terms ? terms.sendsPerDay : null,
    sendsPerMonth: 'sendsPerMonth' in terms ? terms.sendsPerMonth : null,
  };
}

export const noTerms: LimitTerms = {
  requestsPerSecond: null,
  burstRequests: null,
  sendsPerDay: null,
  sendsPerMonth: null,
};

/** A default as the ceiling of what holds. */
export function effective(rate: Rate): EffectiveLimit {
  return { perSecond: rate.perSecond, burst: rate.burst, sendsPerDay: null, sendsPerMonth: null };
}

/**
 * What holds for a tenant: what its operator set, whether that is more or less than the default. A rate without a burst allows one
 * second of it at once.
 */
export function limitOfTenant(byDefault: Rate, terms: LimitTerms): EffectiveLimit {
  const { requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth } = terms;
  const burst = burstRequests ?? (requestsPerSecond === null ? byDefault.burst : Math.ceil(requestsPerSecond));
  return { perSecond: requestsPerSecond ?? byDefault.perSecond, burst: Math.max(1, burst), sendsPerDay, sendsPerMonth };
}
