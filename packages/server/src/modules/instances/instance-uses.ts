import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { HealthStore, InstancePlace } from './health-store.ts';
import { judgeInstance } from './judge-instance.ts';

/** Collects from the calls of this process which instances are in use and which are outliers. */
export class InstanceUses {
  readonly #store: HealthStore;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  /** Instances that calls went to since the last flush. */
  readonly #used = new Map<InstanceId, TenantId>();
  /** The tenants of recently called instances. */
  readonly #tenants = new Map<InstanceId, TenantId>();
  /** When an instance was last noted as an outlier. */
  readonly #noted = new Map<InstanceId, number>();
  #flushedAtMs = -Infinity;
  #flushing: Promise<void> | null = null;

  constructor(store: HealthStore, clock: Clock, report: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#report = report;
  }

  /** Notes a call to the instance. It costs a send one map entry. */
  noteCall(tenantId: TenantId, instanceId: InstanceId): void {
    if (this.#used.size < limits.instanceUsesMax) this.#used.set(instanceId, tenantId);
    if (!this.#tenants.has(instanceId)) keepNewest(this.#tenants, instanceId, tenantId, limits.instanceUsesMax);
  }

  /**
   * Notes that the instance fails more than others. It counts as degraded for a while, longer each time, and is probed at once. `reason` is a
   * short phrase. Written at most once in `limits.instanceOutlierNoteMs` for each instance.
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

  /** Writes which instances were used, every `limits.instanceUseFlushMs`; never rejects. */
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
