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

/** Which instance takes the call and why; kept with the task and shown to people. */
export interface RoutingDecision {
  readonly agent: string;
  readonly cardVersion: number;
  readonly instanceId: string;
  /** How many instances the agent had. */
  readonly candidates: number;
  readonly reason: WonBecause | 'refused';
  /** Why no instance of the agent was called, as a code of the error catalogue; absent when one was. */
  readonly refusedBecause?: string;
  /** What even the winner lacked: nobody was ready. */
  readonly lastResort?: NonNullable<Choice['lastResort']>;
  /** What all chance in it came from. */
  readonly seed?: number;
  readonly skill?: string;
  /** What was the same for all candidates. */
  readonly tier?: Route['tier'];
  readonly priceMicrocredits?: number;
  /** At most `limits.decisionCandidatesMax`; absent for the only instance of an agent with a plain policy. */
  readonly considered?: readonly CandidateReport[];
  /** The context stays with the instance: it is looked for when the context goes on. */
  readonly sticky?: true;
  /** How the router came to this agent; absent when its caller named it. */
  readonly router?: RouterChoice;
  /** The instance that was sent a copy. */
  readonly mirror?: { readonly instanceId: string; readonly version: string };
}

/** What a decision is asked for. */
export interface RoutingPreference {
  readonly taskId: TaskId;
  readonly skillId: string | null;
  /** An integer of 32 bits. */
  readonly seed: number;
  /** The instance that had the context before; null for none. */
  readonly stickyTo: InstanceId | null;
  /** Where the task was already, in vain: none of them is chosen again. */
  readonly tried?: ReadonlySet<InstanceId>;
}

export interface Decided {
  readonly instance: AgentInstance;
  readonly decision: RoutingDecision;
  /** The decision as it is kept. */
  readonly json: string;
  /** The instance that gets a copy whose answer is dropped; null for none. */
  readonly mirrorTo: AgentInstance | null;
}

/** The decision together with how the router came to its agent. */
export function routedDecision({ decision }: Pick<Decided, 'decision'>, router: RouterChoice): string {
  return JSON.stringify({ ...decision, router } satisfies RoutingDecision);
}

/** The decision of a send that its agent takes no part in: none of its instances is called, others do the work. */
export function refusedDecision(route: Route, instance: AgentInstance, refusedBecause: string): Decided {
  const decision: RoutingDecision = { ...placeOf(route, instance), reason: 'refused', refusedBecause };
  return { instance, decision, json: JSON.stringify(decision), mirrorTo: null };
}

/** Chooses instances by what this process knows of them at the moment. */
export class InstanceChooser {
  readonly #facts: LiveFacts;
  readonly #nodeRegion: string | null;
  /** Null: the route has something to decide. */
  readonly #constant = new WeakMap<Route, Decided | null>();

  constructor(facts: LiveFacts, nodeRegion: string | null) {
    this.#facts = facts;
    this.#nodeRegion = nodeRegion;
  }

  /** Whether a context of this agent goes where it was, and might go elsewhere. */
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
    // A context that can stay is not moved to find out about another place.
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

  /** The half-open instance that lets this task through, for which it is taken then; null for none. */
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

/** The one decision for every send, when there is one instance for all of them and nothing is copied; null otherwise. */
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

/** An instance of the shadow version for the share of sends that is copied. One that is not well is spared. */
function shadowOf(candidates: readonly Candidate[], { mirror }: RoutingPolicy, seed: number): AgentInstance | null {
  if (mirror === null || drawAt(seed, 3) * 100 >= mirror.percent) return null;
  const able = candidates.filter(
    (candidate) => closedBecause(candidate, mirror.version) === 'shadow' && candidate.breaker !== 'open',
  );
  return able[Math.floor(drawAt(seed, 4) * able.length)]?.instance ?? null;
}
