import type { CpuPerAnswer } from '../compare/round.ts';
import type { Bar } from '../figures/bar.ts';
import { median } from '../figures/statistics.ts';
import { tableOf } from '../figures/table.ts';
import type { LoadResult } from '../load/measurement.ts';
import { budgetConnections } from './plan.ts';
import type { BudgetPlan, TenantName } from './plan.ts';

/** One measurement of the sends of one tenant. */
export interface BudgetRound {
  readonly tenant: TenantName;
  readonly connections: number;
  readonly round: number;
  readonly load: LoadResult;
  readonly cpuMicroseconds: Pick<CpuPerAnswer, 'server' | 'postgres'>;
}

export interface BudgetReport {
  readonly plan: BudgetPlan;
  readonly rounds: readonly BudgetRound[];
  readonly bars: readonly Bar[];
  readonly seconds: number;
}

const ratioMin = 0.9;

/** `uncounted`: micro-credits by which a budget differs from what its tenant used. */
export function budgetBarsOf(rounds: readonly BudgetRound[], uncounted: number): Bar[] {
  const errors = rounds.reduce((sum, { load }) => sum + load.errors, 0);
  return [
    ...budgetConnections.map((connections) => {
      const value = ratioOf(rounds, 'budgets', connections);
      const name = `requests a second at ${connections} connections, budgets ÷ plain`;
      return { name, value, bound: `≥ ${ratioMin}`, held: value >= ratioMin };
    }),
    { name: 'wrong or missing answers', value: errors, bound: '≤ 0', held: errors === 0 },
    { name: 'micro-credits that no budget counted', value: uncounted, bound: '≤ 0', held: uncounted === 0 },
  ];
}

/** Requests a second of a tenant ÷ those of the plain one, as the median over the rounds: both sides of a round run one after the other. */
export function ratioOf(rounds: readonly BudgetRound[], tenant: TenantName, connections: number): number {
  const at = rounds.filter((one) => one.connections === connections);
  const rateOf = (wanted: TenantName, round: number): number =>
    at.find((one) => one.tenant === wanted && one.round === round)?.load.requestsPerSecond ?? Number.NaN;
  const numbers = [...new Set(at.map(({ round }) => round))];
  return median(numbers.map((round) => rateOf(tenant, round) / rateOf('plain', round)));
}

/** CPU of the platform and PostgreSQL for a call of the plain tenant ÷ that of this one; less noisy than the rates on a busy machine. */
function cpuRatioOf(rounds: readonly BudgetRound[], tenant: TenantName, connections: number): number {
  const cpuOf = (wanted: TenantName): number => {
    const own = rounds.filter((one) => one.connections === connections && one.tenant === wanted);
    return median(own.map(({ cpuMicroseconds: { server, postgres } }) => server + postgres));
  };
  return cpuOf('plain') / cpuOf(tenant);
}

export function linesOf({ rounds, bars }: BudgetReport): string[] {
  const rows = rounds.map(({ tenant, connections, round, load, cpuMicroseconds }) => [
    String(connections),
    String(round + 1),
    tenant,
    load.requestsPerSecond.toFixed(0),
    load.p50Ms.toFixed(2),
    load.p99Ms.toFixed(2),
    cpuMicroseconds.server.toFixed(0),
    cpuMicroseconds.postgres.toFixed(0),
  ]);
  return [
    ...tableOf([
      ['connections', 'round', 'tenant', 'req/s', 'p50 ms', 'p99 ms', 'CPU us: server', 'PostgreSQL'],
      ...rows,
    ]),
    '',
    ...tableOf([
      ['bar', '', 'value', 'bound'],
      ...bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, value.toFixed(2), bound]),
    ]),
  ];
}

/** The last line: what a program reads. */
export function summaryOf({ rounds, seconds }: BudgetReport, ok: boolean): object {
  const ratios: readonly (readonly [string, number])[] = budgetConnections.flatMap((connections) =>
    (['priced', 'budgets'] as const).flatMap((tenant) => [
      [`${tenant}Ratio${connections}`, Number(ratioOf(rounds, tenant, connections).toFixed(3))] as const,
      [`${tenant}CpuRatio${connections}`, Number(cpuRatioOf(rounds, tenant, connections).toFixed(3))] as const,
    ]),
  );
  return { suite: 'bench-budgets', ok, ...Object.fromEntries(ratios), seconds: Math.round(seconds) };
}
