import { hash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import type { KnownLimits, TenantLimits } from './known-limits.ts';
import { QuotaBook } from './quota-book.ts';
import type { QuotaTicket, UsedQuota } from './quota-book.ts';
import type { CardLimit, EffectiveLimit, LimitSubjectKind } from './rate-limit.ts';
import { RateMeter } from './rate-meter.ts';
import type { MeterPorts } from './rate-meter.ts';
import { ShareExchange } from './share-exchange.ts';
import type { ShareExchangeOptions } from './share-exchange.ts';
import type { BucketStore, QuotaStore, QuotaReport, SharedBucket } from './share-store.ts';
import type { BucketReport, Rate } from './token-bucket.ts';

/** The limit that refused a request, from a closed set: it labels metrics. */
export type RefusalKind = LimitSubjectKind | 'address' | 'client-failures' | 'quota';

export interface LimiterOptions {
  readonly clock: Clock;
  readonly known: Pick<KnownLimits, 'of' | 'learn' | 'forget'>;
  readonly buckets: BucketStore;
  readonly quotas: QuotaStore;
  /** What one address may ask without being known. */
  readonly unauthenticated: Rate;
  readonly onRefused: (kind: RefusalKind) => void;
  /** Called when the shared buckets or the counts are lost, and when they are back. */
  readonly onShares: (what: 'rates' | 'quotas', isWorking: boolean) => void;
}

/** The caller of a request. */
export interface LimitedCaller {
  readonly tenant: { readonly id: TenantId };
  readonly principal: { readonly id: string };
}

/** The agent that a send is for, from its route. */
export interface LimitedAgent {
  readonly agentId: string;
  readonly agentName: string;
  readonly cardLimit: CardLimit | null;
}

/** The quotas that a send was counted against; they can be refunded. */
export type SendTicket = QuotaTicket;

interface PrincipalMeters {
  known: TenantLimits;
  readonly tenantId: TenantId;
  readonly tenant: RateMeter;
  readonly own: RateMeter;
  limit: EffectiveLimit;
}

interface AgentMeter {
  known: TenantLimits;
  agent: LimitedAgent;
  limit: EffectiveLimit;
  readonly meter: RateMeter;
}

const failureRate: Rate = {
  perSecond: (limits.clientAuthFailuresMax * 1_000) / limits.clientAuthFailureWindowMs,
  burst: limits.clientAuthFailuresMax,
};

/**
 * Checks every request against the caller's limits, from memory alone. Each process has its share of every bucket, reports its usage to the
 * shared store beside the requests, and keeps to its strict share while the store cannot be reached.
 */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #settings = { processes: 1, knownMs: limits.sharesKnownMs };
  readonly #rates: ShareExchange<BucketReport, SharedBucket>;
  readonly #counts: ShareExchange<QuotaReport, number>;
  readonly #ports: MeterPorts;
  readonly #quotas: QuotaBook;
  readonly #tenants = new Map<TenantId, RateMeter>();
  readonly #principals = new Map<string, PrincipalMeters>();
  readonly #agents = new Map<string, AgentMeter>();
  readonly #unauthenticated = new Map<string, RateMeter>();
  readonly #failures = new Map<string, RateMeter>();

  constructor(options: LimiterOptions) {
    this.#options = options;
    const { clock, buckets, quotas, onShares } = options;
    const isShared = (): boolean => this.#settings.processes > 1;
    const base = <Report, Answer>(
      what: 'rates' | 'quotas',
      exchange: ShareExchangeOptions<Report, Answer>['exchange'],
    ): ShareExchange<Report, Answer> =>
      new ShareExchange({ clock, isShared, exchange, onChange: (isWorking) => onShares(what, isWorking) });
    this.#rates = base('rates', (reports) => inOrder(buckets, reports));
    this.#counts = base('quotas', (reports) => quotas.exchange(reports));
    this.#ports = { clock, settings: this.#settings, exchange: this.#rates };
    this.#quotas = new QuotaBook({ clock, settings: this.#settings, exchange: this.#counts });
  }

  /** Sets the number of live processes, this one included. */
  setProcesses(count: number): void {
    this.#settings.processes = Math.max(1, count);
  }

  /** Resolves when the limits of a tenant are known, or cannot be read: for the first request of a tenant. */
  learn(tenantId: TenantId): Promise<void> | void {
    return this.#options.known.learn(tenantId);
  }

  /** The limits of a tenant changed: the next request starts a read. */
  forget(tenantId: TenantId): void {
    this.#options.known.forget(tenantId);
  }

  /** Counts a request of a known caller. Throws `request.rate-limited`. */
  admit(caller: LimitedCaller): void {
    const meters = this.#metersOf(caller);
    const nowMs = this.#options.clock.monotonicMs();
    // The client's own limit first: a refused client uses up nothing of its tenant's limit.
    const ownMs = meters.own.count(nowMs);
    if (ownMs > 0) throw this.#tooFast('client', meters.own.rate, ownMs);
    const tenantMs = meters.tenant.count(nowMs);
    if (tenantMs === 0) return;
    meters.own.refund();
    throw this.#tooFast('tenant', meters.tenant.rate, tenantMs);
  }

  /**
   * Counts a send of an admitted caller to an agent. Throws `request.rate-limited` and `limits.quota-used`. Called before anything else is
   * done for the send.
   */
  admitSend(caller: LimitedCaller, agent: LimitedAgent): SendTicket {
    const { known, limit: clientLimit } = this.#metersOf(caller);
    const { id: tenantId } = caller.tenant;
    const own = this.#meterOf(tenantId, known, agent);
    const agentMs = own.meter.count(this.#options.clock.monotonicMs());
    if (agentMs > 0) throw this.#tooFast('agent', own.meter.rate, agentMs);
    const taken = this.#quotas.take([
      { tenantId, kind: 'client', id: caller.principal.id, limit: clientLimit },
      { tenantId, kind: 'agent', id: agent.agentName, limit: own.limit },
      { tenantId, kind: 'tenant', id: '', limit: known.tenant },
    ]);
    if (!('quota' in taken)) return taken;
    // A caller whose quota is used up takes nothing of the agent's rate from other callers.
    own.meter.refund();
    throw this.#usedUp(taken);
  }

  /** Refunds the quotas of a send that was refused or is already recorded. Its rate stays used. */
  refundSend(ticket: SendTicket): void {
    this.#quotas.refund(ticket);
  }

  /** Counts a request without a valid credential. Throws `request.rate-limited`. */
  admitUnauthenticated(address: string): void {
    const meter = this.#unauthenticated.get(address) ?? this.#newUnauthenticated(address);
    const waitMs = meter.count(this.#options.clock.monotonicMs());
    if (waitMs > 0) throw this.#tooFast('address', meter.rate, waitMs);
  }

  /** Throws `request.rate-limited` when an address has no unauthenticated requests left now. Counts nothing. */
  assertUnauthenticated(address: string): void {
    const meter = this.#unauthenticated.get(address);
    if (meter === undefined) return;
    const waitMs = meter.blockedMs(this.#options.clock.monotonicMs());
    if (waitMs > 0) throw this.#tooFast('address', meter.rate, waitMs);
  }

  /** Throws `request.rate-limited` when a client failed to authenticate too often from one address. Counts nothing. */
  assertUnfailing(clientId: string, address: string): void {
    const meter = this.#failures.get(`${clientId} ${address}`);
    if (meter === undefined) return;
    const waitMs = meter.blockedMs(this.#options.clock.monotonicMs());
    if (waitMs > 0) throw this.#tooFast('client-failures', meter.rate, waitMs);
  }

  /** Counts a failed authentication of a client. */
  countFailure(clientId: string, address: string): void {
    const key = `${clientId} ${address}`;
    let meter = this.#failures.get(key);
    if (meter === undefined) {
      meter = new RateMeter(this.#ports, bucketKey('failures', key), failureRate);
      keepNewest(this.#failures, key, meter, limits.watchedRatesMax);
    }
    meter.count(this.#options.clock.monotonicMs());
  }

  /** Reports the usage that is still unreported, and then stops. */
  async stop(): Promise<void> {
    await Promise.all([this.#rates.stop(), this.#counts.stop()]);
  }

  #metersOf(caller: LimitedCaller): PrincipalMeters {
    const { principal, tenant } = caller;
    const known = this.#options.known.of(tenant.id);
    const meters = this.#principals.get(principal.id);
    if (meters === undefined || meters.tenantId !== tenant.id) return this.#newPrincipal(caller, known);
    if (meters.known !== known) {
      meters.known = known;
      meters.limit = known.client(principal.id);
      meters.own.follow(meters.limit);
      meters.tenant.follow(known.tenant);
    }
    return meters;
  }

  #newPrincipal({ principal, tenant }: LimitedCaller, known: TenantLimits): PrincipalMeters {
    const limit = known.client(principal.id);
    const meters = {
      known,
      limit,
      tenantId: tenant.id,
      tenant: this.#tenants.get(tenant.id) ?? this.#newTenant(tenant.id, known),
      own: new RateMeter(this.#ports, bucketKey('client', `${tenant.id} ${principal.id}`), limit),
    };
    keepNewest(this.#principals, principal.id, meters, limits.watchedRatesMax);
    return meters;
  }

  #newTenant(tenantId: TenantId, known: TenantLimits): RateMeter {
    const meter = new RateMeter(this.#ports, bucketKey('tenant', tenantId), known.tenant);
    keepNewest(this.#tenants, tenantId, meter, limits.watchedRatesMax);
    return meter;
  }

  #meterOf(tenantId: TenantId, known: TenantLimits, agent: LimitedAgent): AgentMeter {
    const watched = this.#agents.get(agent.agentId);
    if (watched === undefined) return this.#newAgent(tenantId, known, agent);
    if (watched.known === known && watched.agent === agent) return watched;
    watched.known = known;
    watched.agent = agent;
    watched.limit = known.agent(agent.agentName, agent.cardLimit);
    watched.meter.follow(watched.limit);
    return watched;
  }

  #newAgent(tenantId: TenantId, known: TenantLimits, agent: LimitedAgent): AgentMeter {
    const limit = known.agent(agent.agentName, agent.cardLimit);
    const meter = new RateMeter(this.#ports, bucketKey('agent', `${tenantId} ${agent.agentId}`), limit);
    const watched = { known, agent, limit, meter };
    keepNewest(this.#agents, agent.agentId, watched, limits.watchedRatesMax);
    return watched;
  }

  #newUnauthenticated(address: string): RateMeter {
    const meter = new RateMeter(this.#ports, bucketKey('address', address), this.#options.unauthenticated);
    keepNewest(this.#unauthenticated, address, meter, limits.watchedAddressesMax);
    return meter;
  }

  #tooFast(kind: Exclude<RefusalKind, 'quota'>, { perSecond, burst }: Rate, retryAfterMs: number): PlatformError {
    this.#options.onRefused(kind);
    return new PlatformError('request.rate-limited', {
      message: sentences[kind],
      details: {
        limit: kind,
        limitRequests: String(Math.floor(burst)),
        limitSeconds: String(Math.max(1, Math.ceil(burst / perSecond))),
      },
      retry: { kind: 'after', retryAfterMs },
    });
  }

  #usedUp({ kind, period, quota, retryAfterMs }: UsedQuota): PlatformError {
    this.#options.onRefused('quota');
    return new PlatformError('limits.quota-used', {
      details: {
        limit: `${kind}-${period}`,
        limitRequests: String(quota),
        limitSeconds: period === 'day' ? '86400' : '2592000',
      },
      retry: { kind: 'after', retryAfterMs },
    });
  }
}

const sentences: Readonly<Record<Exclude<RefusalKind, 'quota'>, string>> = {
  tenant: 'Too many requests of this tenant; slow down and retry.',
  client: 'Too many requests from this client; slow down and retry.',
  agent: 'Too many messages to this agent; slow down and retry.',
  address: 'Too many requests without a valid access token from this address; slow down and retry.',
  'client-failures': 'This client failed to prove itself too often from this address; wait and retry.',
};

/** The name of a shared bucket: 32 hex digits that do not reveal its subject. */
function bucketKey(kind: string, id: string): string {
  return hash('sha256', `${kind} ${id}`, 'hex').slice(0, 32);
}

async function inOrder(
  store: BucketStore,
  reports: readonly BucketReport[],
): Promise<readonly (SharedBucket | undefined)[]> {
  const answers = new Map((await store.exchange(reports)).map((bucket) => [bucket.key, bucket]));
  return reports.map(({ key }) => answers.get(key));
}
