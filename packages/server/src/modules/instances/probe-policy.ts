import { limits } from '../../kernel/limits.ts';
import type { Violation } from './instance-rules.ts';
import type { ProbeFacts } from './health.ts';

/**
 * What a probe asks. `wire`: whatever is cheap on the instance's wire, its card or a gRPC health check. `http`: a GET below its origin that has to
 * be answered 2xx. `tcp`: a connection. `none`: nothing; then only callers, heartbeats and leases tell.
 */
export type ProbeKind = 'wire' | 'http' | 'tcp' | 'none';

/** How the instances of an agent are probed. */
export interface ProbePolicy {
  readonly kind: ProbeKind;
  /** Of kind `http`; null for others. */
  readonly path: string | null;
  /** Between two probes of an instance that is in use. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures in a row until it is unhealthy, and successes until it is healthy again. */
  readonly unhealthyAfter: number;
  readonly healthyAfter: number;
}

/** What holds for an agent without a policy of its own, at the interval that the platform is configured with. */
export function defaultProbePolicy(intervalMs: number): ProbePolicy {
  const { instanceProbeTimeoutMs: timeoutMs } = limits;
  return { kind: 'wire', path: null, intervalMs, timeoutMs, unhealthyAfter: 3, healthyAfter: 2 };
}

const pathShape = /^\/[!-~]*$/;

/** Everything wrong with a policy beyond the ranges of its numbers, which its schema judges. */
export function policyViolations({ kind, path, intervalMs, timeoutMs }: ProbePolicy): Violation[] {
  return [
    ...(kind === 'http' && path === null
      ? [{ field: 'path', description: 'is required for probes of kind http' }]
      : []),
    ...(kind !== 'http' && path !== null ? [{ field: 'path', description: 'belongs to probes of kind http' }] : []),
    ...(path !== null && (!pathShape.test(path) || path.startsWith('//'))
      ? [{ field: 'path', description: 'must be a path of visible ASCII characters that begins with one slash' }]
      : []),
    ...(timeoutMs > intervalMs ? [{ field: 'timeoutMs', description: 'must not be longer than intervalMs' }] : []),
  ];
}

/** What the time of the next probe hangs on. */
export interface ProbePace {
  readonly probe: ProbeFacts;
  /** A task went to it lately. */
  readonly isUsed: boolean;
  /** Since the probe before this one; null for the first. */
  readonly sinceLastMs: number | null;
  /** Its callers saw it fail. */
  readonly isSuspect: boolean;
}

/**
 * How long to wait for the next probe. What begins to fail is asked again soon; what nobody uses ever more rarely, up to
 * `limits.instanceProbeIdleMs`; what stays unhealthy no more rarely than `limits.instanceProbeUnhealthyMs`, so that it is known to be back.
 */
export function nextProbeMs({ intervalMs, unhealthyAfter }: ProbePolicy, pace: ProbePace): number {
  const { probe, isUsed, sinceLastMs, isSuspect } = pace;
  const isFailing = probe.failures > 0 && probe.failures < unhealthyAfter && probe.state !== 'unhealthy';
  if (isFailing) return Math.min(intervalMs, limits.instanceProbeAgainMs);
  const slower = Math.max(intervalMs, 2 * (sinceLastMs ?? 0));
  if (probe.state === 'unhealthy') {
    if (probe.successes > 0) return Math.min(intervalMs, limits.instanceProbeAgainMs);
    return Math.min(slower, Math.max(intervalMs, limits.instanceProbeUnhealthyMs));
  }
  if (isUsed || isSuspect) return intervalMs;
  return Math.min(slower, Math.max(intervalMs, limits.instanceProbeIdleMs));
}
