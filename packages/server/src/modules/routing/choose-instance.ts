import type { InstanceId } from '../../kernel/ids.ts';
import { closedBecause, conditionOf, fitnessOf } from './candidate.ts';
import type { Candidate, Fitness } from './candidate.ts';
import { ownRegion } from './routing-policy.ts';
import type { SelectionSettings } from './routing-policy.ts';
import { drawAt, drawWeighted } from './seeded-draw.ts';

/** Why a candidate was not chosen. */
export type LostBecause =
  | 'tried'
  | 'draining'
  | 'quarantined'
  | 'weight-zero'
  | 'shadow'
  | 'unhealthy'
  | 'breaker-open'
  | 'no-free-slot'
  /** The context is at another instance, or another instance is being probed. */
  | 'elsewhere'
  | 'other-region'
  | 'other-version'
  | 'not-drawn'
  | 'more-loaded';

export type Verdict = 'won' | LostBecause;

/** Why the winner won. */
export type WonBecause = 'only-instance' | 'probe' | 'sticky' | 'least-outstanding' | 'weighted' | 'spread';

export interface SelectionInput {
  readonly settings: SelectionSettings;
  /** The instance of the context's earlier task; null: none, or the policy is not sticky. */
  readonly stickyTo: InstanceId | null;
  /** The instance whose half-open breaker lets this task through; null: none does. */
  readonly probe: InstanceId | null;
  /** Region of the deciding node; null when it has none. */
  readonly nodeRegion: string | null;
  /** The source of all randomness. */
  readonly seed: number;
}

export interface Choice {
  readonly winner: Candidate;
  readonly reason: WonBecause;
  /** Set when no candidate was ready: what even the best ones lack. */
  readonly lastResort: 'full' | 'unhealthy' | null;
  /** One for each candidate, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** Fitness levels, the best first. When no candidate is ready, a less fit one is chosen. */
const byFitness = ['ready', 'full', 'unhealthy'] as const;

/**
 * Chooses among candidates by the settings of a policy. The function is pure, so a decision can be reproduced. Null when no candidate takes
 * new work. A candidate that is full or unhealthy wins only when none is ready. The instance of the context is chosen even when it is full,
 * because a concurrency slot becomes free and a context cannot move.
 */
export function chooseInstance(candidates: readonly Candidate[], input: SelectionInput): Choice | null {
  const { shadow } = input.settings;
  const fitnesses = candidates.map((candidate) => fitnessOf(candidate, shadow));
  const best = byFitness.find((fitness) => fitnesses.includes(fitness));
  const probed = candidates.find(({ instance }) => instance.instanceId === input.probe);
  if (probed !== undefined)
    return givenChoice(candidates, { winner: probed, reason: 'probe', lastResort: null }, input);
  const sticky = stickyAmong(candidates, input, best);
  if (sticky !== undefined) return givenChoice(candidates, sticky, input);
  if (best === undefined) return null;
  const able = candidates.filter((_, at) => fitnesses[at] === best);
  const near = inBestRegion(able, input);
  const same = ofOneVersion(near, input);
  const { winner, compared } = pick(same, input);
  const lost = (candidate: Candidate): LostBecause => {
    if (!able.includes(candidate)) return lacking(candidate, shadow);
    if (!near.includes(candidate)) return 'other-region';
    if (!same.includes(candidate)) return 'other-version';
    return compared.includes(candidate) ? 'more-loaded' : 'not-drawn';
  };
  return {
    winner,
    reason: able.length === 1 ? 'only-instance' : input.settings.choice,
    lastResort: best === 'ready' ? null : best,
    verdicts: candidates.map((candidate) => (candidate === winner ? 'won' : lost(candidate))),
  };
}

/** The instance of the context, unless it is gone, or is unable to take the task while another instance is able. */
function stickyAmong(
  candidates: readonly Candidate[],
  input: SelectionInput,
  best: Fitness | undefined,
): Given | undefined {
  const { stickyTo, settings } = input;
  const place = stickyTo === null ? undefined : candidates.find(({ instance }) => instance.instanceId === stickyTo);
  if (place === undefined) return undefined;
  const closed = closedBecause(place, settings.shadow);
  if (closed !== null && closed !== 'weight-zero') return undefined;
  const condition = conditionOf(place);
  if (condition === 'breaker-open' || (condition === 'unhealthy' && best !== 'unhealthy')) return undefined;
  return { winner: place, reason: 'sticky', lastResort: condition === 'ready' ? null : condition };
}

type Given = Pick<Choice, 'winner' | 'reason' | 'lastResort'>;

/** The choice for a winner that is not drawn. */
function givenChoice(candidates: readonly Candidate[], given: Given, { settings }: SelectionInput): Choice {
  const lost = (candidate: Candidate): LostBecause =>
    fitnessOf(candidate, settings.shadow) === 'ready' ? 'elsewhere' : lacking(candidate, settings.shadow);
  return {
    ...given,
    verdicts: candidates.map((candidate) => (candidate === given.winner ? 'won' : lost(candidate))),
  };
}

function lacking(candidate: Candidate, shadow: string | null): LostBecause {
  const closed = closedBecause(candidate, shadow);
  if (closed !== null) return closed;
  const condition = conditionOf(candidate);
  // A ready candidate does not get here, because ready ones are compared first.
  return condition === 'full' || condition === 'ready' ? 'no-free-slot' : condition;
}

/** The candidates in the first region of the policy that has any; all of them when none has. */
function inBestRegion(able: readonly Candidate[], { settings, nodeRegion }: SelectionInput): readonly Candidate[] {
  for (const named of settings.regions) {
    const region = named === ownRegion ? nodeRegion : named;
    const there = able.filter(({ instance }) => region !== null && instance.region === region);
    if (there.length > 0) return there;
  }
  return able;
}

/**
 * The candidates of one version: the version that the skill requires, or one drawn by the weights of versions. So a canary gets its share
 * whatever the load of its instances.
 */
function ofOneVersion(able: readonly Candidate[], { settings, seed }: SelectionInput): readonly Candidate[] {
  const wanted = settings.version === null ? [] : able.filter(({ instance }) => instance.version === settings.version);
  if (wanted.length > 0) return wanted;
  const first = able[0]?.instance.version;
  if (able.every(({ instance }) => instance.version === first)) return able;
  const weights = new Map<string | null, number>();
  for (const { instance } of able) {
    const { version, weight } = instance;
    const share = settings.versions.find((one) => one.version === version);
    weights.set(version, share?.weight ?? (weights.get(version) ?? 0) + weight);
  }
  const drawn = drawWeighted([...weights.entries()], ([, weight]) => weight, drawAt(seed, 0));
  return drawn === undefined ? able : able.filter(({ instance }) => instance.version === drawn[0]);
}

/** The winner, and the candidates that it was compared with. */
function pick(
  able: readonly Candidate[],
  { settings, seed }: SelectionInput,
): { readonly winner: Candidate; readonly compared: readonly Candidate[] } {
  const weightOf = settings.choice === 'spread' ? () => 1 : weightOfCandidate;
  const first = drawWeighted(able, weightOf, drawAt(seed, 1));
  if (first === undefined) throw new Error('There is no candidate to choose from.');
  if (settings.choice !== 'least-outstanding') return { winner: first, compared: [] };
  const others = able.filter((candidate) => candidate !== first);
  const second = drawWeighted(others, weightOf, drawAt(seed, 2));
  if (second === undefined) return { winner: first, compared: [] };
  const winner = burdenOf(second) < burdenOf(first) ? second : first;
  return { winner, compared: [first, second] };
}

function weightOfCandidate({ instance }: Candidate): number {
  return instance.weight;
}

/** Lower bound of the success rate, so that an instance that failed recently still gets some calls. */
const successRateMin = 0.1;
/** A degraded instance gets half the load of a healthy one. */
const doubtFactor = 2;

/**
 * The load of an instance relative to its weight. A failing instance answers fast and has few calls in flight, so its failures count as load.
 * Idle candidates without failures have no load; the draw alone decides between them.
 */
function burdenOf({ instance, inFlight, successRate }: Candidate): number {
  const isDoubtful = instance.health.state === 'degraded';
  const failures = successRate === null ? 0 : 1 / Math.max(successRate, successRateMin) - 1;
  return ((inFlight + failures) / instance.weight) * (isDoubtful ? doubtFactor : 1);
}
