import { limits } from '../../kernel/limits.ts';
import type { SlaObjective } from './objective.ts';
import type { SlaCount, SlaSums } from './sla-sums.ts';

/** `burning`: at the pace of the last hours the budget does not last; `exhausted`: it is spent, so the objective is missed as it stands. */
export type SlaState = 'ok' | 'burning' | 'exhausted';

/** How fast a budget is spent: 1 spends exactly what is allowed; null for too little to tell, or a month that is over. */
export interface BurnRates {
  readonly lastHour: number | null;
  readonly last6Hours: number | null;
  readonly last24Hours: number | null;
}

/** How well one half of an objective was kept. */
export interface SlaBudget {
  /** What was promised, in percent: over hours and agents with several objectives, their mean by tasks; null for nothing of either. */
  readonly objectivePercent: number | null;
  /** What was kept; null without tasks. */
  readonly attainedPercent: number | null;
  /** Tasks that broke the promise. */
  readonly missed: number;
  /** Tasks that were allowed to, of those so far, and what is left of them; negative when more did. */
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
  /** The target is null where there were several. */
  readonly latency: SlaBudget & { readonly targetMs: number | null };
  /** The worse one. */
  readonly state: SlaState;
}

/** What one half of an objective is about. */
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
// What failed is missed already: it is not asked whether it was late too.
const latency: Half = {
  of: ({ judged, failed }) => judged - failed,
  missed: ({ late }) => late,
  allowedPpm: ({ lateAllowedPpm }) => lateAllowedPpm,
};

/**
 * Judges what was counted.
 *
 * @param promised What holds where nothing was counted; null for several.
 * @param isRunning Whether the time has not ended: only then is a pace worth telling.
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
 * A long window says that much is lost, a short one that it goes on. The rates are those that spend 2 % of thirty days in an hour, 5 % in six
 * hours, and 10 % in a day.
 */
function isBurning({ lastHour, last6Hours, last24Hours }: BurnRates): boolean {
  const [hour, sixHours, day] = [lastHour ?? 0, last6Hours ?? 0, last24Hours ?? 0];
  return hour >= 14.4 || (sixHours >= 6 && hour >= 6) || (day >= 3 && sixHours >= 3);
}

/** Four decimals, and never more than there is: 99.99999 is not 100. */
function percentOf(ppm: number | null): number | null {
  return ppm === null ? null : Math.floor(ppm + 1e-6) / 10_000;
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
