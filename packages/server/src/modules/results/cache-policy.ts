/** Who may get a cached result: only the caller whose equal call produced it, or every caller of the tenant that may send to the skill. */
export type ResultSharing = 'caller' | 'tenant';

/** How results of an agent, or of one of its skills, are cached. */
export interface CachePolicy {
  readonly sharedBy: ResultSharing;
  /** The price of a cache hit, in percent of the price of a call; 0 is free. */
  readonly hitPricePercent: number;
  /** How long after its TTL a result may be used while a new one is fetched; 0: never. */
  readonly staleMs: number;
  /** False: every call goes to the agent. */
  readonly isOn: boolean;
}

/** An agent of the tenant, or one of its skills. */
export interface ResultSubject {
  readonly agentName: string;
  /** Null: every skill of the agent without a policy of its own. */
  readonly skillId: string | null;
}

/** A policy as the tenant set it. */
export interface ConfiguredCachePolicy extends CachePolicy {
  readonly subject: ResultSubject;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** The stored row of a subject. */
export interface StoredCachePolicy {
  readonly subject: ResultSubject;
  /** Null: no policy is set. */
  readonly policy: CachePolicy | null;
  /** How often the subject's results were purged; part of every cache key. */
  readonly purges: number;
}

export const defaultCachePolicy: CachePolicy = { sharedBy: 'caller', hitPricePercent: 0, staleMs: 0, isOn: true };

/** The policy in force for a skill. */
export interface EffectiveCachePolicy extends CachePolicy {
  readonly purges: number;
}

/** The policy in force for a skill: its own, else the agent's, else the default. Purges of both count. */
export function effectivePolicy(
  stored: ReadonlyMap<string, StoredCachePolicy>,
  agentName: string,
  skillId: string,
): EffectiveCachePolicy {
  const ofAgent = stored.get(subjectKey({ agentName, skillId: null }));
  const ofSkill = stored.get(subjectKey({ agentName, skillId }));
  const policy = ofSkill?.policy ?? ofAgent?.policy ?? defaultCachePolicy;
  return { ...policy, purges: (ofAgent?.purges ?? 0) + (ofSkill?.purges ?? 0) };
}

export function subjectKey({ agentName, skillId }: ResultSubject): string {
  return `${agentName} ${skillId ?? ''}`;
}
