import type { HealthChange, HealthStore, InstancePlace, StoredFacts } from './health-store.ts';
import { judgeHealth } from './health-rules.ts';
import type { JudgedHealth } from './health.ts';

/** What somebody has found; everything else stays as it is. */
export type Finding = (
  facts: StoredFacts,
) => Partial<Pick<HealthChange, 'probe' | 'probeMs' | 'report' | 'outlier' | 'nextProbeMs'>>;

/** What changed. */
export interface HealthVerdict {
  readonly before: JudgedHealth;
  readonly after: JudgedHealth;
}

/** How often a judgement begins anew because somebody else judged at the same moment. */
const attemptsMax = 5;

/**
 * Judges an instance by what is kept of it and what was found now. Null when it left, or when others judged at the same moment again and
 * again; they know better.
 */
export async function judgeInstance(
  store: Pick<HealthStore, 'loadFacts' | 'write'>,
  place: InstancePlace,
  known: StoredFacts | null,
  finding: Finding,
): Promise<HealthVerdict | null> {
  let facts = known;
  for (let attempts = 0; attempts < attemptsMax; attempts += 1) {
    facts ??= await store.loadFacts(place);
    if (facts === null) return null;
    const change = changeOf(facts, finding);
    if (await store.write(place, change)) return { before: facts.health, after: change.health };
    facts = null;
  }
  return null;
}

function changeOf(facts: StoredFacts, finding: Finding): HealthChange {
  const { revision, isLapsed } = facts;
  const found = finding(facts);
  const { probe = facts.probe, report = facts.report, probeMs = null, outlier = null, nextProbeMs = null } = found;
  const seen = outlier === null ? facts.outlier : { reason: outlier.reason, count: outlier.count, isCurrent: true };
  const health = judgeHealth({ probe, report, outlier: seen, isLapsed });
  return { revision, probe, probeMs, report, outlier, nextProbeMs, isLapsed, health };
}
