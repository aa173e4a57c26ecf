import { limits } from '../../kernel/limits.ts';
import type { Dependency, HealthFacts, HealthReport, HealthState, JudgedHealth, ReportedState } from './health.ts';

/**
 * Judges health from facts. The worst source decides; of equal ones the first of lease, probes, own report and callers. Failed calls make an
 * instance degraded at most: circuit breakers and the next probe decide whether it is down.
 */
export function judgeHealth({ isLapsed, probe, report, outlier }: HealthFacts): JudgedHealth {
  const words: readonly (JudgedHealth | null)[] = [
    isLapsed ? { state: 'unhealthy', reason: 'lease.lapsed' } : null,
    { state: probe.state, reason: probe.reason },
    report === null ? null : { state: report.state, reason: reportReason(report) },
    outlier?.isCurrent === true ? { state: 'degraded', reason: `outlier: ${outlier.reason}` } : null,
  ];
  const said = words.filter((word) => word !== null);
  return said.reduce((worst, word) => (severity[word.state] > severity[worst.state] ? word : worst), nothing);
}

const nothing: JudgedHealth = { state: 'unknown', reason: null };

/** `healthy` outranks `unknown`, because it comes from a source. */
const severity: Readonly<Record<HealthState, number>> = { unknown: 0, healthy: 1, degraded: 2, unhealthy: 3 };

function reportReason({ state, reason }: HealthReport): string | null {
  if (state === 'healthy') return null;
  return reason === null ? 'reported' : `reported: ${reason}`;
}

/** The combined report of an instance: its own state, made worse by its dependencies. */
export function reportOf(
  own: { readonly state: ReportedState; readonly reason: string | null },
  dependencies: readonly Dependency[],
): HealthReport {
  const words = [own, ...dependencies.map(dependencyWord)];
  const worst = words.reduce((before, word) => (severity[word.state] > severity[before.state] ? word : before));
  return { state: worst.state, reason: shortened(worst.reason), dependencies };
}

function dependencyWord({ name, state, reason, isRequired }: Dependency): typeof unharmed {
  if (state === 'healthy') return unharmed;
  const said = `${name} is ${state}${reason === null ? '' : `: ${reason}`}`;
  return { state: isRequired ? state : 'degraded', reason: said };
}

const unharmed: { readonly state: ReportedState; readonly reason: string | null } = { state: 'healthy', reason: null };

function shortened(reason: string | null): string | null {
  return reason === null ? null : reason.slice(0, limits.healthReasonCharsMax);
}

/** Whether two reports are equal; a heartbeat with an unchanged report is not judged. */
export function isSameReport(one: HealthReport | null, other: HealthReport | null): boolean {
  return one === other || JSON.stringify(orderedReport(one)) === JSON.stringify(orderedReport(other));
}

function orderedReport(report: HealthReport | null): unknown {
  if (report === null) return null;
  const { state, reason, dependencies } = report;
  return [state, reason, dependencies.map((one) => [one.name, one.state, one.reason, one.isRequired])];
}
