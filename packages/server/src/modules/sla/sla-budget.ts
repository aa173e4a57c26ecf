import { limits } from '../../kernel/limits.ts';
import type { SlaObjective } from './objective.ts';
import type { SlaCount, SlaSums } from './sla-sums.ts';

/** `burning`: at the current rate the budget will not last. `exhausted`: the budget is spent, so the objective is missed for now. */
export type SlaState = 'ok' | 'burning' | 'exhausted';

/** Burn rates of a budget: 1 spends exactly the budget; null with too few tasks, or for a past month. */
export interface BurnRates {
  readonly lastHour: number | null;
  readonly last6Hours: number | null;
  readonly last24Hours: number | null;
}

/** The error budget of availability or of latency. */
export interface SlaBudget {
  /** The objective in percent. Over several objectives it is their mean weighted by tasks; null without tasks and objective. */
  readonly objectivePercent: number | null;
  /** The attained share in percent; null without tasks. */
  readonly attainedPercent: number | null;
  /** Tasks that missed the objective. */
  readonly missed: number;
  /** Tasks that may miss it, of those so far, and the rest of this budget; negative when more missed it. */
  readonly allowed: number;
  readonly left: number;
  readonly burn: BurnRates;
  /** Null without tasks. */
  readonly isMet: boolean | null;
  readonly state: SlaState;
}

export interface SlaVerdict {
  readonly tasks: number;
  readonly excused: number;
  readonly served: number;
  readonly availability: SlaBudget;
  /** The target is null when there were several. */
  readonly latency: SlaBudget & { readonly targetMs: number | null };
  /** The worse of the two states. */
  readonly state: SlaState;
}

/** The sums behind availability or latency. */
interface Half {
  readonly of: (sums: SlaSums) => number;
  readonly missed: (sums: SlaSums) => number;
  readonly allowedPpm: (sums: SlaSums) => number;
}

const availability: Half = {
  of: ({ judged }) => judged,
  missed: ({ failed }) => failed,
  allowedPpm: ({ failedAllowedPpm }) => failedAllowedPpm,
};
// A failed task counts against availability only.
const latency: Half = {
  of: ({ judged, failed }) => judged - failed,
  missed: ({ late }) => late,
  allowedPpm: ({ lateAllowedPpm }) => lateAllowedPpm,
};

/**
 * Evaluates counts against their objectives.
 *
 * @param promised The objective to show when nothing was counted; null for several.
 * @param isRunning Whether the period is not over; burn rates exist only then.
 */
export function judgeSla(count: SlaCount, promised: SlaObjective | null, isRunning: boolean): SlaVerdict {
  const kept = budgetOf(count, availability, { promisedPpm: promised?.availabilityPpm ?? null, isRunning });
  const inTime = budgetOf(count, latency, { promisedPpm: promised?.latencyPpm ?? null, isRunning });
  const { latencyMsMin, latencyMsMax } = count;
  const targetMs =
    latencyMsMin === null ? (promised?.latencyMs ?? null) : latencyMsMin === latencyMsMax ? latencyMsMin : null;
  const states = [kept.state, inTime.state];
  return {
    tasks: count.ended,
    excused: count.excused,
    served: count.served,
    availability: kept,
    latency: { ...inTime, targetMs },
    state: states.includes('exhausted') ? 'exhausted' : states.includes('burning') ? 'burning' : 'ok',
  };
}

function budgetOf(
  count: SlaCount,
  half: Half,
  { promisedPpm, isRunning }: { readonly promisedPpm: number | null; readonly isRunning: boolean },
): SlaBudget {
  const tasks = half.of(count);
  const missed = half.missed(count);
  const allowedPpm = half.allowedPpm(count);
  const isMet = tasks === 0 ? null : missed * million <= allowedPpm;
  const burn = isRunning ? burnOf(count, half) : noBurn;
  return {
    objectivePercent: tasks === 0 ? percentOf(promisedPpm) : percentOf(million - allowedPpm / tasks),
    attainedPercent: tasks === 0 ? null : percentOf(((tasks - missed) / tasks) * million),
    missed,
    allowed: thousandths(allowedPpm / million),
    left: thousandths(allowedPpm / million - missed),
    burn,
    isMet,
    state: isMet === false ? 'exhausted' : isBurning(burn) ? 'burning' : 'ok',
  };
}

const million = 1_000_000;
const noBurn: BurnRates = { lastHour: null, last6Hours: null, last24Hours: null };

function burnOf({ lastHour, last6Hours, last24Hours }: SlaCount, half: Half): BurnRates {
  const rateOf = (sums: SlaSums): number | null => {
    if (half.of(sums) < limits.slaBurnTasksMin) return null;
    if (half.missed(sums) === 0) return 0;
    return thousandths(Math.min((half.missed(sums) * million) / half.allowedPpm(sums), limits.slaBurnRateMax));
  };
  return { lastHour: rateOf(lastHour), last6Hours: rateOf(last6Hours), last24Hours: rateOf(last24Hours) };
}

/**
 * The long window shows a large loss, the short one that it continues. The rates spend 2 % of a thirty-day budget in an hour, 5 % in six hours
 * and 10 % in a day.
 */
function isBurning({ lastHour, last6Hours, last24Hours }: BurnRates): boolean {
  const [hour, sixHours, day] = [lastHour ?? 0, last6Hours ?? 0, last24Hours ?? 0];
  return hour >= 14.4 || (sixHours >= 6 && hour >= 6) || (day >= 3 && sixHours >= 3);
}

/** Percent with four decimals, rounded down: 99.99999 is not 100. */
function percentOf(ppm: number | null): number | null {
  return ppm === null ? null : Math.floor(ppm + 1e-6) / 10_000;
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
