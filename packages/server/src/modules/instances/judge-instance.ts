import type { HealthChange, HealthStore, InstancePlace, StoredFacts } from './health-store.ts';
import { judgeHealth } from './health-rules.ts';
import type { JudgedHealth } from './health.ts';

/** New findings from the stored facts; facts without a finding stay as they are. */
export type Finding = (
  facts: StoredFacts,
) => Partial<Pick<HealthChange, 'probe' | 'probeMs' | 'report' | 'outlier' | 'nextProbeMs'>>;

/** What changed. */
export interface HealthVerdict {
  readonly before: JudgedHealth;
  readonly after: JudgedHealth;
}

/** How often a judgement starts again because another process judged at the same moment. */
const attemptsMax = 5;

/**
 * Judges an instance by its stored facts and new findings. Null when it left, or when other processes judged at the same moment in every
 * attempt; their judgement is as recent.
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
  const seen =
    outlier === null ? facts.outlier : { reason: outlier.reason, count: outlier.count, isCurrent: outlier.forMs > 0 };
  const health = judgeHealth({ probe, report, outlier: seen, isLapsed });
  return { revision, probe, probeMs, report, outlier, nextProbeMs, isLapsed, health };
}
