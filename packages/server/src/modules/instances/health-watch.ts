import { pause } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { HealthStore, InstancePlace, ProbeTarget } from './health-store.ts';
import { judgeInstance } from './judge-instance.ts';
import type { HealthVerdict } from './judge-instance.ts';
import { afterProbe } from './probe-machine.ts';
import type { ProbeOutcome } from './probe-machine.ts';
import { defaultProbePolicy, nextProbeMs } from './probe-policy.ts';
import type { ProbePolicy } from './probe-policy.ts';
import type { InstanceProber } from './prober.ts';

export interface HealthWatchOptions {
  readonly store: HealthStore;
  readonly prober: InstanceProber;
  readonly clock: Clock;
  /** Probe interval of agents without a policy of their own; 0: only agents with a policy are probed. */
  readonly intervalMs: number;
  /** Called with errors of probes and writes. */
  readonly report: (error: unknown) => void;
}

/** Counters of this process. */
export interface HealthCounts {
  readonly answered: number;
  readonly strained: number;
  readonly failed: number;
  readonly lapsed: number;
  /** Judgements that changed the state of an instance. */
  readonly changed: number;
}

/**
 * Runs due probes, a bounded number at a time and for each tenant, and judges expired leases. `check` starts a round; any number of processes
 * may run them.
 */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #probing = new Map<Promise<void>, TenantId>();
  #checking: Promise<void> | null = null;
  #isStopped = false;
  #counts: HealthCounts = { answered: 0, strained: 0, failed: 0, lapsed: 0, changed: 0 };

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  get counts(): HealthCounts {
    return this.#counts;
  }

  /** Claims and starts what is due; joins a round in progress. Never rejects: after an error of the database the next round tries again. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch(() => undefined)
      .finally(() => (this.#checking = null));
    return this.#checking;
  }

  /** Claims no more probes, and waits at most `waitMs` for those in progress. */
  async stop(waitMs: number): Promise<void> {
    this.#isStopped = true;
    await this.#checking;
    await Promise.race([Promise.all(this.#probing.keys()), pause(this.#options.clock, waitMs)]);
  }

  async #check(): Promise<void> {
    if (this.#isStopped) return;
    await this.#judgeLapsed();
    const free = limits.instanceProbesInFlightMax - this.#probing.size;
    if (free <= 0) return;
    const places = await this.#options.store.claimProbes({ limit: free, busyTenants: this.#busyTenants() });
    for (const place of places) this.#start(place);
  }

  async #judgeLapsed(): Promise<void> {
    const { store } = this.#options;
    for (const place of await store.findLapsed(limits.lapsedLeasesMax)) {
      const verdict = await judgeInstance(store, place, null, () => ({}));
      if (verdict?.after.reason !== 'lease.lapsed') continue;
      this.#count('lapsed');
      this.#noteVerdict(verdict);
    }
  }

  #start(place: InstancePlace): void {
    const done = this.#probe(place)
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => this.#probing.delete(done));
    this.#probing.set(done, place.tenantId);
  }

  async #probe(place: InstancePlace): Promise<void> {
    const { store, clock, intervalMs } = this.#options;
    const target = await store.loadTarget(place);
    if (target === null) return;
    const policy = target.policy ?? {
      ...defaultProbePolicy(intervalMs),
      ...(intervalMs > 0 ? {} : { kind: 'none' as const }),
    };
    const startedAtMs = clock.monotonicMs();
    const outcome = await this.#ask(place, target, policy);
    // A failed probe counts as its full timeout: the real time would reveal why the address did not answer.
    const tookMs = outcome?.kind === 'failed' ? policy.timeoutMs : Math.round(clock.monotonicMs() - startedAtMs);
    const probeMs = outcome === null ? null : tookMs;
    if (outcome !== null) this.#count(outcome.kind);
    const verdict = await judgeInstance(store, place, target, (facts) => {
      const isSuspect = facts.outlier?.isCurrent === true;
      const probe = outcome === null ? facts.probe : afterProbe(facts.probe, outcome, { ...policy, isSuspect });
      const { isUsed, sinceLastMs } = target;
      return { probe, probeMs, nextProbeMs: nextMs(policy, { probe, isUsed, sinceLastMs, isSuspect }) };
    });
    if (verdict !== null) this.#noteVerdict(verdict);
  }

  #ask(place: InstancePlace, target: ProbeTarget, policy: ProbePolicy): Promise<ProbeOutcome> | null {
    const { kind, path, timeoutMs } = policy;
    if (kind === 'none') return null;
    const { url, wire, pinnedKeys } = target;
    return this.#options.prober.probe({ tenantId: place.tenantId, url, wire, pinnedKeys, kind, path, timeoutMs });
  }

  #noteVerdict({ before, after }: HealthVerdict): void {
    if (before.state !== after.state) this.#count('changed');
  }

  #count(what: keyof HealthCounts): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
  }

  #busyTenants(): readonly TenantId[] {
    const counts = new Map<TenantId, number>();
    for (const tenantId of this.#probing.values()) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= limits.instanceProbesPerTenantMax).map(([tenantId]) => tenantId);
  }
}

/** An instance without probes is judged anyway, so that failures that callers saw expire. */
function nextMs(policy: ProbePolicy, pace: Parameters<typeof nextProbeMs>[1]): number {
  if (policy.kind !== 'none') return nextProbeMs(policy, pace);
  return pace.isSuspect ? limits.instanceOutlierMs : limits.instanceProbeIdleMs;
}
