import { tableOf } from '@colloquy/bench/figures/table';
import type { Evidence } from './checks/evidence.ts';
import type { Finding } from './checks/invariants.ts';
import { liveAtKills } from './checks/live-streams.ts';
import type { FaultKind } from './schedule.ts';
import { mostAtWork } from './checks/slots.ts';
import { nextEventPercentile, percentileOf, resumesOf } from './checks/resumes.ts';

const violationsShownMax = 5;

export function linesOf(findings: readonly Finding[]): string[] {
  const rows = findings.map(({ invariant, checked, violations }) => [
    violations.length === 0 ? 'held' : 'BROKEN',
    String(checked),
    String(violations.length),
    invariant.promise,
  ]);
  const details = findings.flatMap(({ violations }) =>
    violations
      .slice(0, violationsShownMax)
      .map(({ invariant, subject, detail }) => `${invariant}: ${subject}: ${detail}`),
  );
  return [
    '',
    ...tableOf([['', 'checked', 'broken', 'promise'], ...rows]),
    ...(details.length === 0 ? [] : ['', ...details]),
  ];
}

/** What only runs with other faults than kills have. */
function faultsOf({ kills, frozen }: Evidence): object {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of kills) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    faults: counts,
    frozen: frozen.length,
    takenMsMax: Math.max(...kills.map((kill) => kill.takenAfterMs ?? 0)),
  };
}

export type RunSummary = ReturnType<typeof summaryOf>;

/** The last line: what a program reads. */
export function summaryOf(
  evidence: Evidence,
  findings: readonly Finding[],
  run: { readonly suite: string; readonly seed: number; readonly processes: number; readonly seconds: number },
) {
  const broken = (name: string): number =>
    findings.find(({ invariant }) => invariant.name === name)?.violations.length ?? 0;
  const resumes = resumesOf(evidence);
  const violations = findings.reduce((sum, finding) => sum + finding.violations.length, 0);
  return {
    suite: run.suite,
    ok: violations === 0,
    seed: run.seed,
    processes: run.processes,
    seconds: run.seconds,
    kills: evidence.kills.length,
    ...(evidence.frozen.length === 0 ? {} : faultsOf(evidence)),
    killsInFlight: evidence.kills.filter(({ tasksInFlight }) => tasksInFlight > 0).length,
    tasks: evidence.tasks.length,
    takenOver: evidence.tasks.filter(({ attempt }) => attempt > 1).length,
    outcomeUnknown: evidence.tasks.filter(({ errorCode }) => errorCode === 'upstream.outcome-unknown').length,
    deadLettered: evidence.tasks.filter(({ errorCode }) => errorCode === 'task.given-up').length,
    resumes: resumes.length,
    resumeP50Ms: percentileOf(resumes, 0.5),
    resumeP99Ms: percentileOf(resumes, 0.99),
    nextEventP99Ms: nextEventPercentile(resumes, 0.99),
    liveAtKills: liveAtKills(evidence),
    ...(evidence.work.length === 0 ? {} : { atWorkMax: mostAtWork(evidence, 'slotted') }),
    lost: broken('acknowledged'),
    endedTwice: broken('ended once'),
    ledger: broken('wallet') + broken('reservation'),
    slots: broken('slots held') + broken('slots free'),
    streams: broken('streams'),
    violations,
  };
}
