import { limits } from '../../kernel/limits.ts';
import type { Violation } from './instance-rules.ts';
import type { ProbeFacts } from './health.ts';

/**
 * The kind of a probe. `wire`: a cheap request on the instance's wire, for its card or a gRPC health check. `http`: a GET below its origin that
 * must be answered with 2xx. `tcp`: a connection. `none`: no probe; calls, heartbeats and leases alone decide.
 */
export type ProbeKind = 'wire' | 'http' | 'tcp' | 'none';

/** The probe settings for the instances of an agent. */
export interface ProbePolicy {
  readonly kind: ProbeKind;
  /** For kind `http`; null for others. */
  readonly path: string | null;
  /** Interval of probes while the instance is in use. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Consecutive failures until it is unhealthy, and successes until it is healthy again. */
  readonly unhealthyAfter: number;
  readonly healthyAfter: number;
}

/** The policy of an agent without one of its own, at the platform's configured interval. */
export function defaultProbePolicy(intervalMs: number): ProbePolicy {
  const { instanceProbeTimeoutMs: timeoutMs } = limits;
  return { kind: 'wire', path: null, intervalMs, timeoutMs, unhealthyAfter: 3, healthyAfter: 2 };
}

const pathShape = /^\/[!-~]*$/;

/** The violations of a policy, beyond the ranges of numbers that the request schema checks. */
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

/** The facts that set the time of the next probe. */
export interface ProbePace {
  readonly probe: ProbeFacts;
  /** A task went to it recently. */
  readonly isUsed: boolean;
  /** Time since the previous probe; null for the first. */
  readonly sinceLastMs: number | null;
  /** Callers saw it fail. */
  readonly isSuspect: boolean;
}

/**
 * Time until the next probe. After a first failure the next probe comes soon. The interval of an idle instance doubles up to
 * `limits.instanceProbeIdleMs`, that of an unhealthy one up to `limits.instanceProbeUnhealthyMs`, so that its recovery is noticed.
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
