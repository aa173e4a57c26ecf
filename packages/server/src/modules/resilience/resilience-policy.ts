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
export type ResilienceSettings = { readonly [Term in keyof ResiliencePolicy]: ResiliencePolicy[Term] | null };

/** Of an agent, or with a skill's id, of that skill. */
export interface PolicySubject {
  readonly agentName: string;
  readonly skillId: string | null;
}

/** A policy as it was set. */
export interface ConfiguredPolicy {
  readonly subject: PolicySubject;
  readonly settings: ResilienceSettings;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** What was said for one agent, by the ids of its skills; under the empty text for all others. */
export type AgentPolicies = ReadonlyMap<string, ResilienceSettings>;

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
  const agentPolicy = withSettings(noPolicy, policies.get('') ?? null);
  return skillId === null || skillId === '' ? agentPolicy : withSettings(agentPolicy, policies.get(skillId) ?? null);
}

function withSettings(below: ResiliencePolicy, settings: ResilienceSettings | null): ResiliencePolicy {
  if (settings === null) return below;
  return {
    firstAnswerMs: settings.firstAnswerMs ?? below.firstAnswerMs,
    taskMs: settings.taskMs ?? below.taskMs,
    callsMax: settings.callsMax ?? below.callsMax,
    queueMsMax: settings.queueMsMax ?? below.queueMsMax,
    hedgeMs: settings.hedgeMs ?? below.hedgeMs,
    fallback: settings.fallback ?? below.fallback,
    fallbackOn: settings.fallbackOn ?? below.fallbackOn,
    partialResults: settings.partialResults ?? below.partialResults,
  };
}
