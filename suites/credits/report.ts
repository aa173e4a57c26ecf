import type { Bar } from '@colloquy/bench/figures/bar';
import { atLeast, none } from '@colloquy/bench/figures/bar';
import { tableOf } from '@colloquy/bench/figures/table';
import type { CreditPlan } from './plan.ts';
import type { CreditReport } from './run.ts';

/** Every kind of docs/specs/credits.md. */
const kinds = 'grant reserve settle release expire charge overage repay lapse transfer-out transfer-in'.split(' ');
const faultsShownMax = 20;

/** What must hold, and that enough was done to say so. */
export function creditBarsOf(report: CreditReport, plan: CreditPlan): readonly Bar[] {
  const { races, rush, operations, checks, faults, entries } = report;
  const planned = plan.rounds * plan.operationsInRound;
  return [
    none('what is not as the model says', faults.length),
    atLeast('random operations', operations, planned),
    atLeast('checks while they went on', checks, Math.floor(planned / plan.operationsBetweenChecks)),
    atLeast('recorded of 200 sends for 100', rush.recorded, 100),
    atLeast('races with one winner', races.completed + races.canceled, plan.races),
    // A race that one side always wins is none.
    atLeast('races that the rarer side won', Math.min(races.completed, races.canceled), plan.races / 20),
    atLeast('races that the process won that was asked last', races.lastWon, plan.races / 100),
    atLeast('sends that a budget refused', report.counts['budget-exceeded'] ?? 0, 1),
    none('kinds of entries that none was written of', kinds.filter((kind) => entries[kind] === undefined).length),
  ];
}

export function linesOf({ faults, counts, bars }: CreditReport & { readonly bars: readonly Bar[] }): string[] {
  const rows = Object.entries(counts).map(([name, count]) => [name, String(count)]);
  return [
    '',
    ...tableOf([['operation', 'times'], ...rows]),
    ...faults.slice(0, faultsShownMax),
    '',
    ...tableOf([
      ['bar', '', 'value', 'bound'],
      ...bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, String(value), bound]),
    ]),
  ];
}

/** The last line: what a program reads. */
export function summaryOf(
  { faults, rush, races, counts, bars: _bars, ...rest }: CreditReport & { readonly bars: unknown },
  ok: boolean,
): object {
  const seconds = Math.round(rest.seconds);
  return {
    suite: 'credits',
    ok,
    ...rest,
    seconds,
    recordedOf200: rush.recorded,
    racesCompleted: races.completed,
    racesCanceled: races.canceled,
    racesLastWon: races.lastWon,
    refused: counts['insufficient'] ?? 0,
    faults: faults.length,
  };
}
