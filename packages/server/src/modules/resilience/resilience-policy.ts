/** What makes the next agent of a chain take over. `unavailable`: nothing reached the agent. `failed`: it failed, or its task did. */
export type FallbackCondition = 'unavailable' | 'failed';

/** How an agent, or a skill of it, is called when things go wrong. */
export interface ResiliencePolicy {
  /** An agent that says nothing for this long has failed; null: as long as any agent may be silent. */
  readonly firstAnswerMs: number | null;
  /** One try may take this long; null: as long as the registration allows for the task. */
  readonly taskMs: number | null;
  /** Calls of one process that one instance has open at once; more wait, and as many as that may wait. Null: `limits.instanceCallsMax`. */
  readonly callsMax: number | null;
  /** A send is refused when the oldest task of the agent's queue waits for longer; null: `limits.queueAgeMsMax`. */
  readonly queueMsMax: number | null;
  /** Of an idempotent skill another instance is asked as well when none has answered for this long; null: never. */
  readonly hedgeMs: number | null;
  /** Names of the agents that take its place, in order. */
  readonly fallback: readonly string[];
  readonly fallbackOn: readonly FallbackCondition[];
  /**
   * Once an agent has shown an artifact or words of its own, nobody else begins anew (`stop`): the task fails and shows what came. Or
   * somebody does (`go-on`): what came stays, and what the next one says follows it.
   */
  readonly partialResults: 'stop' | 'go-on';
}

/** What was said of a policy; null stands for what was not. */
export type PolicyTerms = { readonly [Term in keyof ResiliencePolicy]: ResiliencePolicy[Term] | null };

/** Of an agent, or with a skill's id, of that skill. */
export interface PolicySubject {
  readonly agentName: string;
  readonly skillId: string | null;
}

/** A policy as it was set. */
export interface SetPolicy {
  readonly subject: PolicySubject;
  readonly terms: PolicyTerms;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** What was said for one agent, by the ids of its skills; under the empty text for all others. */
export type AgentPolicies = ReadonlyMap<string, PolicyTerms>;

export const noPolicy: ResiliencePolicy = {
  firstAnswerMs: null,
  taskMs: null,
  callsMax: null,
  queueMsMax: null,
  hedgeMs: null,
  fallback: [],
  fallbackOn: ['unavailable', 'failed'],
  partialResults: 'stop',
};

/** What holds for the skill of a message: its own terms above those of the agent. `skillId` null: it names none. */
export function policyFor(policies: AgentPolicies | undefined, skillId: string | null): ResiliencePolicy {
  if (policies === undefined) return noPolicy;
  const agent = over(noPolicy, policies.get('') ?? null);
  return skillId === null || skillId === '' ? agent : over(agent, policies.get(skillId) ?? null);
}

function over(below: ResiliencePolicy, terms: PolicyTerms | null): ResiliencePolicy {
  if (terms === null) return below;
  return {
    firstAnswerMs: terms.firstAnswerMs ?? below.firstAnswerMs,
    taskMs: terms.taskMs ?? below.taskMs,
    callsMax: terms.callsMax ?? below.callsMax,
    queueMsMax: terms.queueMsMax ?? below.queueMsMax,
    hedgeMs: terms.hedgeMs ?? below.hedgeMs,
    fallback: terms.fallback ?? below.fallback,
    fallbackOn: terms.fallbackOn ?? below.fallbackOn,
    partialResults: terms.partialResults ?? below.partialResults,
  };
}
