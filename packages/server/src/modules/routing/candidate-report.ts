import type { BreakerState } from './breaker-machine.ts';
import type { Candidate } from './candidate.ts';
import type { Choice, Verdict } from './choose-instance.ts';
import type { InstanceHealth } from './route.ts';

/** The inputs and the verdict of a decision for one candidate. Unknown values are absent. */
export interface CandidateReport {
  readonly instanceId: string;
  readonly verdict: Verdict;
  readonly health: InstanceHealth['state'];
  readonly breaker: BreakerState;
  /** Calls in flight from the deciding node. */
  readonly inFlight: number;
  readonly freeSlots?: number;
  readonly latencyMs?: number;
  readonly successRate?: number;
  readonly weight: number;
  readonly version?: string;
  readonly region?: string;
  /** It had the context before. */
  readonly hadContext?: true;
}

/** The winner first, then the candidates that it was compared with, then the others; at most `max`. */
export function reportCandidates(
  candidates: readonly Candidate[],
  { verdicts }: Pick<Choice, 'verdicts'>,
  { stickyTo, max }: { readonly stickyTo: string | null; readonly max: number },
): readonly CandidateReport[] {
  const reports = candidates.map((candidate, at) => reportOf(candidate, verdicts[at] ?? 'not-drawn', stickyTo));
  const rank = ({ verdict }: CandidateReport): number => (verdict === 'won' ? 0 : verdict === 'more-loaded' ? 1 : 2);
  return reports.toSorted((one, other) => rank(one) - rank(other)).slice(0, max);
}

function reportOf(
  { instance, breaker, freeSlots, inFlight, latencyMs, successRate }: Candidate,
  verdict: Verdict,
  stickyTo: string | null,
): CandidateReport {
  const { instanceId, health, weight, version, region } = instance;
  return {
    instanceId,
    verdict,
    health: health.state,
    breaker,
    inFlight,
    weight,
    ...(freeSlots === null ? {} : { freeSlots }),
    ...(latencyMs === null ? {} : { latencyMs: Math.round(latencyMs) }),
    ...(successRate === null ? {} : { successRate: Math.round(successRate * 1_000) / 1_000 }),
    ...(version === null ? {} : { version }),
    ...(region === null ? {} : { region }),
    ...(stickyTo === instanceId ? { hadContext: true } : {}),
  };
}
