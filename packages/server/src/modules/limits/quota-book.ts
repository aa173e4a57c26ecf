import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { QuotaMeter } from './quota-meter.ts';
import type { QuotaMeterPorts } from './quota-meter.ts';
import { periodAt } from './quota-period.ts';
import type { CalendarPeriod } from './quota-period.ts';
import type { EffectiveLimit, LimitSubjectKind, QuotaPeriod } from './rate-limit.ts';

/** A subject whose quotas a send counts against. */
export interface QuotaSubject {
  readonly tenantId: TenantId;
  readonly kind: LimitSubjectKind;
  readonly id: string;
  readonly limit: EffectiveLimit;
}

/** A used-up quota, and when it has sends again. */
export interface UsedQuota {
  readonly kind: LimitSubjectKind;
  readonly period: QuotaPeriod;
  readonly quota: number;
  readonly retryAfterMs: number;
}

/** The meters that one send was counted by. */
export type QuotaTicket = readonly QuotaMeter[];

const nothing: QuotaTicket = [];
const soonMs = 100;

/** The quotas that this process counts against. */
export class QuotaBook {
  readonly #ports: QuotaMeterPorts & { readonly clock: Clock };
  readonly #meters = new Map<string, QuotaMeter>();
  readonly #periods = new Map<QuotaPeriod, CalendarPeriod>();

  constructor(ports: QuotaMeterPorts & { readonly clock: Clock }) {
    this.#ports = ports;
  }

  /** Counts one send against every quota of its subjects; against none of them when one has no send left. */
  take(subjects: readonly QuotaSubject[]): QuotaTicket | UsedQuota {
    const taken: QuotaMeter[] = [];
    for (const subject of subjects) {
      const { sendsPerDay, sendsPerMonth } = subject.limit;
      if (sendsPerDay === null && sendsPerMonth === null) continue;
      const used =
        this.#takeOf(subject, 'day', sendsPerDay, taken) ?? this.#takeOf(subject, 'month', sendsPerMonth, taken);
      if (used === null) continue;
      this.refund(taken);
      return used;
    }
    return taken.length === 0 ? nothing : taken;
  }

  refund(ticket: QuotaTicket): void {
    for (const meter of ticket) meter.refund();
  }

  #takeOf(subject: QuotaSubject, name: QuotaPeriod, quota: number | null, taken: QuotaMeter[]): UsedQuota | null {
    if (quota === null) return null;
    const nowMs = this.#ports.clock.nowMs();
    const period = this.#periodAt(name, nowMs);
    const meter = this.#meterOf(subject, name, period.beginsOn, quota);
    if (meter.take()) {
      taken.push(meter);
      return null;
    }
    const retryAfterMs = meter.isUsedUp ? period.endsAtMs - nowMs : soonMs;
    return { kind: subject.kind, period: name, quota, retryAfterMs };
  }

  #periodAt(name: QuotaPeriod, nowMs: number): CalendarPeriod {
    const known = this.#periods.get(name);
    if (known !== undefined && nowMs < known.endsAtMs) return known;
    const period = periodAt(name, nowMs);
    this.#periods.set(name, period);
    return period;
  }

  #meterOf({ tenantId, kind, id }: QuotaSubject, period: QuotaPeriod, beginsOn: string, quota: number): QuotaMeter {
    const key = `${tenantId} ${kind} ${period} ${id}`;
    const known = this.#meters.get(key);
    if (known?.counted.beginsOn === beginsOn) {
      known.follow(quota);
      return known;
    }
    const meter = new QuotaMeter(this.#ports, { tenantId, kind, subjectId: id, period, beginsOn }, quota);
    keepNewest(this.#meters, key, meter, limits.watchedRatesMax);
    return meter;
  }
}
