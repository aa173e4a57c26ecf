import type { InstanceId, TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { candidateOf, closedBecause } from './candidate.ts';
import type { Candidate, LiveFacts } from './candidate.ts';
import { reportCandidates } from './candidate-report.ts';
import type { CandidateReport } from './candidate-report.ts';
import { chooseInstance } from './choose-instance.ts';
import type { Choice, WonBecause } from './choose-instance.ts';
import type { AgentInstance, Route } from './route.ts';
import type { RouterChoice } from './router-choice.ts';
import { defaultRoutingPolicy, selectionFor } from './routing-policy.ts';
import type { RoutingPolicy } from './routing-policy.ts';
import { drawAt } from './seeded-draw.ts';

/** The chosen instance and the reasons; stored with the task and shown to users. */
export interface RoutingDecision {
  readonly agent: string;
  readonly cardVersion: number;
  readonly instanceId: string;
  /** How many instances the agent had. */
  readonly candidates: number;
  readonly reason: WonBecause | 'refused';
  /** Why no instance of the agent was called, as a code of the error catalogue; absent when one was. */
  readonly refusedBecause?: string;
  /** What even the winner lacked, because no instance was ready. */
  readonly lastResort?: NonNullable<Choice['lastResort']>;
  /** The source of all randomness in it. */
  readonly seed?: number;
  readonly skill?: string;
  /** The next two fields are the same for all candidates. */
  readonly tier?: Route['tier'];
  readonly priceMicrocredits?: number;
  /** At most `limits.decisionCandidatesMax`; absent for the only instance of an agent with a plain policy. */
  readonly considered?: readonly CandidateReport[];
  /** Later tasks of the context go to the same instance. */
  readonly sticky?: true;
  /** How the router chose this agent; absent when the caller named the agent. */
  readonly router?: RouterChoice;
  /** The instance that got a mirrored copy. */
  readonly mirror?: { readonly instanceId: string; readonly version: string };
}

/** The inputs of a decision from the send. */
export interface RoutingPreference {
  readonly taskId: TaskId;
  readonly skillId: string | null;
  /** An integer of 32 bits. */
  readonly seed: number;
  /** The instance of the context's earlier task; null for none. */
  readonly stickyTo: InstanceId | null;
  /** Instances of failed attempts of the task; none of them is chosen again. */
  readonly tried?: ReadonlySet<InstanceId>;
}

export interface Decided {
  readonly instance: AgentInstance;
  readonly decision: RoutingDecision;
  /** The decision as it is stored. */
  readonly json: string;
  /** The instance that gets a mirrored copy, whose answer is dropped; null for none. */
  readonly mirrorTo: AgentInstance | null;
}

/** The decision as JSON, with the router's choice of the agent. */
export function routedDecision({ decision }: Pick<Decided, 'decision'>, router: RouterChoice): string {
  return JSON.stringify({ ...decision, router } satisfies RoutingDecision);
}

/** The decision when no instance of the agent is called and a fallback agent does the work. */
export function refusedDecision(route: Route, instance: AgentInstance, refusedBecause: string): Decided {
  const decision: RoutingDecision = { ...placeOf(route, instance), reason: 'refused', refusedBecause };
  return { instance, decision, json: JSON.stringify(decision), mirrorTo: null };
}

/** Chooses instances by the current observations of this process. */
export class InstanceChooser {
  readonly #facts: LiveFacts;
  readonly #nodeRegion: string | null;
  /** The constant decision of a route; null: the route has a choice. */
  readonly #constant = new WeakMap<Route, Decided | null>();

  constructor(facts: LiveFacts, nodeRegion: string | null) {
    this.#facts = facts;
    this.#nodeRegion = nodeRegion;
  }

  /** Whether contexts of this agent stick to an instance, and the agent has more than one. */
  isSticky(route: Route): boolean {
    return policyOf(route).sticky && this.#constantOf(route) === null;
  }

  /** Throws `routing.no-instance` when no instance takes new tasks, and `upstream.circuit-open` when the breakers of all that do are open. */
  decide(route: Route, preference: RoutingPreference): Decided {
    const constant = this.#constantOf(route);
    const isPlain = constant !== null && preference.tried === undefined;
    if (isPlain && this.#facts.breakers.stateOf(constant.instance.instanceId) === 'closed') return constant;
    return this.#weigh(route, preference);
  }

  #constantOf(route: Route): Decided | null {
    const known = this.#constant.get(route);
    if (known !== undefined) return known;
    const constant = constantDecision(route);
    this.#constant.set(route, constant);
    return constant;
  }

  #weigh(route: Route, { taskId, skillId, seed, stickyTo, tried = noInstance }: RoutingPreference): Decided {
    const policy = policyOf(route);
    const settings = selectionFor(policy, skillId);
    const candidates = route.instances.map((instance) => candidateOf(instance, this.#facts, tried));
    // A context that can stay is not moved for a probe of another instance.
    const stays = candidates.some(({ instance, breaker }) => instance.instanceId === stickyTo && breaker === 'closed');
    const probe = stays ? null : this.#probeFor(taskId, candidates, settings.shadow);
    const choice = chooseInstance(candidates, { settings, stickyTo, probe, nodeRegion: this.#nodeRegion, seed });
    if (choice === null) throw this.#refusal(candidates, settings.shadow);
    const mirrorTo = shadowOf(candidates, policy, seed);
    const decision: RoutingDecision = {
      ...placeOf(route, choice.winner.instance),
      reason: choice.reason,
      seed,
      tier: route.tier,
      priceMicrocredits: Number(priceOf(route, skillId)),
      considered: reportCandidates(candidates, choice, { stickyTo, max: limits.decisionCandidatesMax }),
      ...(choice.lastResort === null ? {} : { lastResort: choice.lastResort }),
      ...(skillId === null ? {} : { skill: skillId.slice(0, limits.decisionWordCharsMax) }),
      ...(policy.sticky ? { sticky: true } : {}),
      ...(mirrorTo === null
        ? {}
        : { mirror: { instanceId: mirrorTo.instanceId, version: policy.mirror?.version ?? '' } }),
    };
    return { instance: choice.winner.instance, decision, json: JSON.stringify(decision), mirrorTo };
  }

  /** Takes the probe of a half-open instance for this task; null when there is none. */
  #probeFor(taskId: TaskId, candidates: readonly Candidate[], shadow: string | null): InstanceId | null {
    const halfOpen = candidates.filter(
      (candidate) => candidate.breaker === 'half-open' && closedBecause(candidate, shadow) === null,
    );
    const probed = halfOpen.find(({ instance }) => this.#facts.breakers.takeProbe(instance.instanceId, taskId));
    return probed?.instance.instanceId ?? null;
  }

  #refusal(candidates: readonly Candidate[], shadow: string | null): PlatformError {
    const taking = candidates.filter((candidate) => closedBecause(candidate, shadow) === null);
    if (taking.length === 0) return new PlatformError('routing.no-instance');
    const waits = taking.map(({ instance }) => this.#facts.breakers.openForMs(instance.instanceId));
    return new PlatformError('upstream.circuit-open', { retry: { kind: 'after', retryAfterMs: Math.min(...waits) } });
  }
}

const noInstance: ReadonlySet<InstanceId> = new Set();

function policyOf(route: Route): RoutingPolicy {
  return route.routing ?? defaultRoutingPolicy;
}

/** The same decision for every send, when the agent has one open instance and no mirror; null otherwise. */
function constantDecision(route: Route): Decided | null {
  const { mirror } = policyOf(route);
  const open = route.instances.filter(({ admission, weight }) => admission === 'active' && weight > 0);
  const [instance] = open;
  if (instance === undefined || open.length > 1 || mirror !== null) return null;
  const decision: RoutingDecision = { ...placeOf(route, instance), reason: 'only-instance' };
  return { instance, decision, json: JSON.stringify(decision), mirrorTo: null };
}

function priceOf({ skills, priceMicrocredits }: Route, skillId: string | null): bigint {
  return (skillId === null ? undefined : skills.get(skillId)?.priceMicrocredits) ?? priceMicrocredits;
}

function placeOf(route: Route, { instanceId }: AgentInstance) {
  return {
    agent: route.agentName,
    cardVersion: route.cardVersion,
    instanceId,
    candidates: route.instances.length,
  };
}

/** An instance of the shadow version for the mirrored share of sends; never one with an open breaker. */
function shadowOf(candidates: readonly Candidate[], { mirror }: RoutingPolicy, seed: number): AgentInstance | null {
  if (mirror === null || drawAt(seed, 3) * 100 >= mirror.percent) return null;
  const able = candidates.filter(
    (candidate) => closedBecause(candidate, mirror.version) === 'shadow' && candidate.breaker !== 'open',
  );
  return able[Math.floor(drawAt(seed, 4) * able.length)]?.instance ?? null;
}
