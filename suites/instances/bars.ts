import { atMost, below, none } from '@colloquy/bench/figures/bar';
import type { Bar } from '@colloquy/bench/figures/bar';
import { median } from '@colloquy/bench/figures/statistics';
import type { Recovery } from './recovery.ts';
import type { Window } from './windows.ts';

/** The figures that bars are set on. */
export interface InstancesFigures {
  /** Failures that callers of the agent saw, in percent of their calls, in the worst window with an instance that was ill. */
  readonly failuresPercent: number;
  /** Most faults that an instance took until it was left alone; not a number when one never was, or when no breaker opened at all. */
  readonly faultsToOpen: number;
  /** Longest time from the illness until then. */
  readonly openedAfterMs: number;
  /** Tasks that were given to another instance, in percent of all, in the worst window. */
  readonly retriesPercent: number;
  /** Median p99 of the neighbour's sends with one of three ill ÷ with all well. */
  readonly p99Ratio: number;
  readonly neighbourErrors: number;
  /** Instances that did not serve again. */
  readonly lostInstances: number;
  readonly recoveryErrors: number;
  /** Wallets that say something else than what ran. */
  readonly wrongWallets: number;
}

export function instancesFiguresOf(
  windows: readonly Window[],
  { missing, errors, recovered }: Recovery,
  wrongWallets: number,
): InstancesFigures {
  const ill = windows.filter(({ illness }) => illness !== null);
  const percentOf = (part: number, whole: number): number => (whole === 0 ? Number.NaN : (100 * part) / whole);
  const hasOpened = ill.some(({ opened }) => opened?.by === 'breaker');
  return {
    failuresPercent: most(ill.map(({ victim }) => percentOf(victim.errors, answersOf(victim) + victim.errors))),
    faultsToOpen: hasOpened ? most(ill.map(({ opened }) => opened?.failures ?? Number.NaN)) : Number.NaN,
    openedAfterMs: most(ill.map(({ opened }) => opened?.afterMs ?? Number.NaN)),
    retriesPercent: most(ill.map(({ retries, victim }) => percentOf(retries, answersOf(victim)))),
    p99Ratio: median(pairRatiosOf(windows)),
    neighbourErrors: windows.reduce((sum, { neighbour }) => sum + neighbour.errors, 0),
    lostInstances: missing.length + (ill.length - missing.length - recovered.length),
    recoveryErrors: errors,
    wrongWallets,
  };
}

/** Not a number when there is none. */
const most = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : Math.max(...values));

/** Of a whole run of the load generator, what was under way at its ends included. */
export const answersOf = ({ answersByTarget }: Window['victim']): number =>
  answersByTarget.reduce((sum, count) => sum + count, 0);

/** Windows of a pair are next to each other in time, so that what else the machine does weighs on both. */
function pairRatiosOf(windows: readonly Window[]): number[] {
  const [ill, well] = [true, false].map((isIll) =>
    windows.filter(({ illness }) => (illness !== null) === isIll).map(({ neighbour }) => neighbour.p99Ms),
  );
  return (ill ?? []).map((p99Ms, pair) => p99Ms / (well?.[pair] ?? Number.NaN));
}

export function instancesBarsOf(figures: InstancesFigures): Bar[] {
  return [
    atMost(
      'failures that callers saw, % of calls, worst window, from the first moment on',
      figures.failuresPercent,
      0.1,
    ),
    atMost('faults until the breaker opened, or health kept calls away before, at most', figures.faultsToOpen, 5),
    atMost('tasks given to another instance, % of all, worst window', figures.retriesPercent, 10),
    below('p99 of the neighbour with one of three ill ÷ with all well', figures.p99Ratio, 1.5),
    none('wrong or missing answers to the neighbour', figures.neighbourErrors),
    none('instances that did not serve again by themselves', figures.lostInstances),
    none('failures that callers saw during recovery', figures.recoveryErrors),
    none('wallets that say something else than what ran', figures.wrongWallets),
  ];
}
