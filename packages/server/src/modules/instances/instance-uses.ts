import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { JudgedHealth } from './health.ts';
import type { HealthStore, InstancePlace } from './health-store.ts';
import { judgeInstance } from './judge-instance.ts';
import { afterProbe } from './probe-machine.ts';

/** The reason while the last call to an instance could not connect. */
const unreached = 'the last call could not connect';
/** A call that is answered refutes these reasons, which say that the instance cannot be reached. */
const noAnswer = 'probe.no-answer';
const refutable: ReadonlySet<string | null> = new Set([noAnswer, `outlier: ${unreached}`]);

interface ReachNotes {
  /** What the last note said. */
  readonly isReached: boolean;
  readonly answeredAtMs: number;
  readonly lostAtMs: number;
}

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
  /** When it was last noted that calls reach an instance, or do not. */
  readonly #reached = new Map<InstanceId, ReachNotes>();
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

  /**
   * Notes that a call could not connect to the instance. Unless callers saw worse, it counts as degraded for
   * `limits.instanceUnreachedMs`, and is probed at once.
   */
  noteUnreached(place: InstancePlace): void {
    if (!this.#mayNote(place.instanceId, false)) return;
    judgeInstance(this.#store, place, null, ({ outlier }) => {
      if (outlier?.isCurrent === true && outlier.reason !== unreached) return { nextProbeMs: 0 };
      const count = outlier?.count ?? 0;
      return { outlier: { reason: unreached, count, forMs: limits.instanceUnreachedMs }, nextProbeMs: 0 };
    }).catch(this.#report);
  }

  /**
   * Notes that the instance answered a call. When `health`, as known to the caller, or an earlier note says that it cannot be reached, that
   * is over. A probe of kind `http` decides by itself, and is made at once.
   */
  noteAnswered(place: InstancePlace, health: JudgedHealth): void {
    const isRefuted = refutable.has(health.reason) || this.#reached.get(place.instanceId)?.isReached === false;
    if (!isRefuted || !this.#mayNote(place.instanceId, true)) return;
    this.#refute(place).catch(this.#report);
  }

  async #refute(place: InstancePlace): Promise<void> {
    const target = await this.#store.loadTarget(place);
    if (target === null) return;
    const isHttp = target.policy?.kind === 'http';
    await judgeInstance(this.#store, place, target, ({ probe, outlier }) => {
      const isOver = outlier?.isCurrent === true && outlier.reason === unreached;
      const isWrong = probe.reason === noAnswer && !isHttp;
      const steady = { unhealthyAfter: 1, healthyAfter: 1, isSuspect: false };
      return {
        ...(isOver ? { outlier: { reason: unreached, count: outlier.count, forMs: 0 } } : {}),
        ...(isWrong ? { probe: afterProbe(probe, { kind: 'answered', reason: null }, steady) } : {}),
        nextProbeMs: 0,
      };
    });
  }

  /** Bounds the writes of one instance: the same is noted again every `limits.instanceOutlierNoteMs`, after a change every second. */
  #mayNote(instanceId: InstanceId, isReached: boolean): boolean {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#reached.get(instanceId) ?? {
      isReached: !isReached,
      answeredAtMs: -Infinity,
      lostAtMs: -Infinity,
    };
    const pauseMs = last.isReached === isReached ? limits.instanceOutlierNoteMs : limits.instanceReachedNoteMs;
    if (nowMs - (isReached ? last.answeredAtMs : last.lostAtMs) < pauseMs) return false;
    const noted = isReached ? { ...last, answeredAtMs: nowMs } : { ...last, lostAtMs: nowMs };
    keepNewest(this.#reached, instanceId, { ...noted, isReached }, limits.instanceUsesMax);
    return true;
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
