/** Whom a result may be given to: who sent the same, or everybody of the tenant who may send to the skill. */
export type ResultSharing = 'caller' | 'tenant';

/** What a tenant says of results of an agent, or of one of its skills. */
export interface ResultTerms {
  readonly sharedBy: ResultSharing;
  /** What a hit costs, in percent of the price of a call; 0 is free. */
  readonly hitPricePercent: number;
  /** How long after its time a result may be given while a new one is fetched; 0: never. */
  readonly staleMs: number;
  /** False: every call goes to the agent. */
  readonly isOn: boolean;
}

/** An agent of the tenant, or one of its skills. */
export interface ResultSubject {
  readonly agentName: string;
  /** Null: every skill for which nothing else is said. */
  readonly skillId: string | null;
}

/** Terms as they were set. */
export interface SetResultTerms extends ResultTerms {
  readonly subject: ResultSubject;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** What is kept of a subject. */
export interface KeptResultTerms {
  readonly subject: ResultSubject;
  /** Null: nothing was set. */
  readonly terms: ResultTerms | null;
  /** How often results were purged here; part of every key. */
  readonly purges: number;
}

export const defaultResultTerms: ResultTerms = { sharedBy: 'caller', hitPricePercent: 0, staleMs: 0, isOn: true };

/** What holds for a skill. */
export interface EffectiveResultTerms extends ResultTerms {
  readonly purges: number;
}

/** What holds for the skill of an agent: what was set for it, or for the agent. Purges of both count. */
export function effectiveTerms(
  kept: ReadonlyMap<string, KeptResultTerms>,
  agentName: string,
  skillId: string,
): EffectiveResultTerms {
  const ofAgent = kept.get(subjectKey({ agentName, skillId: null }));
  const ofSkill = kept.get(subjectKey({ agentName, skillId }));
  const terms = ofSkill?.terms ?? ofAgent?.terms ?? defaultResultTerms;
  return { ...terms, purges: (ofAgent?.purges ?? 0) + (ofSkill?.purges ?? 0) };
}

export function subjectKey({ agentName, skillId }: ResultSubject): string {
  return `${agentName} ${skillId ?? ''}`;
}
