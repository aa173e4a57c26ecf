/** When the next fallback agent takes over. `unavailable`: the task did not reach the agent. `failed`: the agent or its task failed. */
export type FallbackCondition = 'unavailable' | 'failed';

/** Timeouts, limits and fallback agents for calls of an agent, or of one of its skills. */
export interface ResiliencePolicy {
  /** Timeout for the first event of an agent; null: the platform's default. */
  readonly firstAnswerMs: number | null;
  /** Timeout of one attempt; null: the registration's longest task. */
  readonly taskMs: number | null;
  /** Concurrent calls from one process to one instance. Further calls wait, at most as many again. Null: `limits.instanceCallsMax`. */
  readonly callsMax: number | null;
  /** A send is refused when the oldest queued task of the agent has waited longer; null: `limits.queueAgeMsMax`. */
  readonly queueMsMax: number | null;
  /** For idempotent skills: without an answer after this time, a second instance is called as well (hedging); null: never. */
  readonly hedgeMs: number | null;
  /** Names of the fallback agents, in order. */
  readonly fallback: readonly string[];
  readonly fallbackOn: readonly FallbackCondition[];
  /**
   * What happens when an agent fails after it has sent an artifact or a message. `stop`: the task fails and keeps the partial result. `go-on`:
   * the next agent takes over, and its output follows the partial result.
   */
  readonly partialResults: 'stop' | 'go-on';
}

/** The settings of a policy; null for a setting that is not set. */
export type ResilienceSettings = { readonly [Term in keyof ResiliencePolicy]: ResiliencePolicy[Term] | null };

/** An agent, or with a skill's id one of its skills. */
export interface PolicySubject {
  readonly agentName: string;
  readonly skillId: string | null;
}

/** A policy as the tenant set it. */
export interface ConfiguredPolicy {
  readonly subject: PolicySubject;
  readonly settings: ResilienceSettings;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** The settings for one agent by skill id; the agent's own are under the empty text. */
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

/** The policy in force for a message's skill: the skill's settings override the agent's. `skillId` null: the message names no skill. */
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
