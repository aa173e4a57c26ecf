import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { HealthStore, InstancePlace } from './health-store.ts';
import { judgeInstance } from './judge-instance.ts';

/** What the calls of this process tell of instances: which are in use, and which stand out. */
export class InstanceUses {
  readonly #store: HealthStore;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  /** Instances that calls went to since the last telling. */
  readonly #used = new Map<InstanceId, TenantId>();
  /** Whose instances they are, of those that were called lately. */
  readonly #tenants = new Map<InstanceId, TenantId>();
  /** When an instance was told to stand out last. */
  readonly #noted = new Map<InstanceId, number>();
  #flushedAtMs = -Infinity;
  #flushing: Promise<void> | null = null;

  constructor(store: HealthStore, clock: Clock, report: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#report = report;
  }

  /** A call goes to the instance. Costs the path of a send one entry of a map. */
  noteCall(tenantId: TenantId, instanceId: InstanceId): void {
    if (this.#used.size < limits.instanceUsesMax) this.#used.set(instanceId, tenantId);
    if (!this.#tenants.has(instanceId)) keepNewest(this.#tenants, instanceId, tenantId, limits.instanceUsesMax);
  }

  /**
   * Callers of this process saw the instance fail where others do not: it counts as degraded for a while, for longer each time, and is probed
   * at once. `reason` is a short phrase. At most once in `limits.instanceOutlierNoteMs` for each instance; the rest says nothing new.
   */
  noteOutlier(instanceId: InstanceId, reason: string): void {
    const tenantId = this.#tenants.get(instanceId);
    const nowMs = this.#clock.monotonicMs();
    if (tenantId === undefined || nowMs - (this.#noted.get(instanceId) ?? -Infinity) < limits.instanceOutlierNoteMs)
      return;
    keepNewest(this.#noted, instanceId, nowMs, limits.instanceUsesMax);
    judgeInstance(this.#store, { tenantId, instanceId }, null, ({ outlier }) => {
      const count = (outlier?.count ?? 0) + 1;
      const forMs = Math.min(count, limits.instanceOutlierTimesMax) * limits.instanceOutlierMs;
      return { outlier: { reason: reason.slice(0, limits.outlierReasonCharsMax), count, forMs }, nextProbeMs: 0 };
    }).catch(this.#report);
  }

  /** Tells which instances were used, every so often; never rejects. */
  flush(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#used.size === 0 || nowMs - this.#flushedAtMs < limits.instanceUseFlushMs) return Promise.resolve();
    this.#flushing ??= this.#flush(nowMs).finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  async #flush(nowMs: number): Promise<void> {
    this.#flushedAtMs = nowMs;
    const places: readonly InstancePlace[] = [...this.#used].map(([instanceId, tenantId]) => ({
      tenantId,
      instanceId,
    }));
    this.#used.clear();
    await this.#store.markUsed(places, limits.instanceUseFlushMs).catch(this.#report);
  }
}
