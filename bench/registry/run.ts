import { atMost } from '../figures/bar.ts';
import type { Bar } from '../figures/bar.ts';
import { tableOf } from '../figures/table.ts';
import { measureChanges } from './change.ts';
import type { ChangeFigures } from './change.ts';
import type { RegistryPlan } from './plan.ts';
import { measureReads } from './read.ts';
import type { ReadFigures } from './read.ts';
import { setRegistryStage } from './stage.ts';

/** Everything one measurement of the registry found. */
export interface RegistryReport {
  readonly plan: RegistryPlan;
  readonly fillSeconds: number;
  readonly reads: readonly ReadFigures[];
  readonly changes: ChangeFigures;
  readonly bars: readonly Bar[];
  readonly seconds: number;
}

/** Fills a registry, reads it at one of several platform processes, and changes cards at one and looks for them at all others. */
export async function measureRegistry(plan: RegistryPlan): Promise<RegistryReport> {
  const startedMs = performance.now();
  await using stage = await setRegistryStage(plan);
  const reads = await measureReads(stage, plan);
  const changes = await measureChanges(stage, plan);
  const seconds = (performance.now() - startedMs) / 1_000;
  return { plan, fillSeconds: stage.fillSeconds, reads, changes, bars: registryBarsOf(reads, changes), seconds };
}

export function registryBarsOf(reads: readonly ReadFigures[], changes: ChangeFigures): Bar[] {
  return [
    ...reads.flatMap(({ name, p99Ms, p99MsMax }) =>
      p99MsMax === null ? [] : [atMost(`${name}, p99, ms`, p99Ms, p99MsMax)],
    ),
    atMost(
      'reads that failed',
      reads.reduce((sum, { failures }) => sum + failures, 0),
      0,
    ),
    atMost('a change is seen at every other node, slowest, ms', changes.maxMs, 100),
    atMost('reads that failed while cards changed', changes.failures, 0),
  ];
}

export function registryLinesOf({ plan, fillSeconds, reads, changes, bars }: RegistryReport): string[] {
  const agents = plan.tenants * plan.agentsPerTenant;
  const rows = reads.map(({ name, p50Ms, p99Ms, maxMs, found, failures }) => [
    name,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    maxMs.toFixed(2),
    found.toFixed(1),
    String(failures),
  ]);
  return [
    `${agents} agents with ${plan.skillsPerAgent} skills in ${plan.tenants} tenants, described in ${fillSeconds.toFixed(0)} s`,
    '',
    ...tableOf([['read', 'p50 ms', 'p99 ms', 'max ms', 'found', 'failures'], ...rows]),
    '',
    `${changes.changes} changes seen at all ${plan.nodes} nodes after ms: p50 ${changes.p50Ms.toFixed(1)}, max ${changes.maxMs.toFixed(1)}; ${changes.reads} reads meanwhile`,
    '',
    ...tableOf([
      ['bar', '', 'value', 'bound'],
      ...bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, value.toFixed(2), bound]),
    ]),
  ];
}

/** The last line: what a program reads. */
export function registrySummaryOf({ reads, changes, seconds }: RegistryReport, ok: boolean): object {
  const p99 = reads.map(({ name, p99Ms }): [string, number] => [name, Number(p99Ms.toFixed(2))]);
  return {
    suite: 'bench-registry',
    ok,
    p99Ms: Object.fromEntries(p99),
    changeSeenMsMax: Number(changes.maxMs.toFixed(1)),
    failures: changes.failures,
    seconds: Math.round(seconds),
  };
}
