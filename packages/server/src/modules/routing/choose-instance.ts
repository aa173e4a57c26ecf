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
  /** The context is elsewhere, or another one is tried again. */
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
  /** The instance that had the context before; null: none, or nobody asked. */
  readonly stickyTo: InstanceId | null;
  /** The instance whose half-open breaker lets this task through; null: none does. */
  readonly probe: InstanceId | null;
  /** Region of the node that decides; null when it has none. */
  readonly nodeRegion: string | null;
  /** All chance comes from it. */
  readonly seed: number;
}

export interface Choice {
  readonly winner: Candidate;
  readonly reason: WonBecause;
  /** Set when nobody was ready: what even the best ones lack. */
  readonly lastResort: 'full' | 'unhealthy' | null;
  /** One for each candidate, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** The order in which those are asked who can not do it well, when nobody can. */
const byFitness = ['ready', 'full', 'unhealthy'] as const;

/**
 * Chooses among candidates by the terms of a policy: a function of its arguments alone, so that a decision can be made again. Null when
 * nobody takes new work. Nobody that lacks something wins while somebody is ready; a place that has the context keeps it when it is full,
 * too, because a slot comes free and a context does not move.
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

/** Whoever had the context has it again, unless it is gone, or can not take it while somebody else can. */
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

/** The choice when the winner is not drawn. */
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
  // Ready ones are asked first, so whoever comes here is not.
  return condition === 'full' || condition === 'ready' ? 'no-free-slot' : condition;
}

/** Those in the first region of the terms that has any; all of them when none has. */
function inBestRegion(able: readonly Candidate[], { settings, nodeRegion }: SelectionInput): readonly Candidate[] {
  for (const named of settings.regions) {
    const region = named === ownRegion ? nodeRegion : named;
    const there = able.filter(({ instance }) => region !== null && instance.region === region);
    if (there.length > 0) return there;
  }
  return able;
}

/**
 * Those of one version: the one that the skill wants, or one that is drawn by the weights of versions, so that a canary has its share
 * however its instances are loaded.
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

/** The winner, and whom it was compared with. */
function pick(
  able: readonly Candidate[],
  { settings, seed }: SelectionInput,
): { readonly winner: Candidate; readonly compared: readonly Candidate[] } {
  const weightOf = settings.choice === 'spread' ? () => 1 : weightOfCandidate;
  const first = drawWeighted(able, weightOf, drawAt(seed, 1));
  if (first === undefined) throw new Error('chosen among nobody');
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

/** A rate below it counts as this, so that who failed lately is still called sometimes. */
const successRateMin = 0.1;
/** A degraded instance is given half of what a healthy one would be. */
const doubtFactor = 2;

/**
 * What an instance has to do, for its weight. Who fails has little under way because it answers fast: its failures count as work. An idle
 * one has none, so idle candidates are told apart by the draw alone.
 */
function burdenOf({ instance, inFlight, successRate }: Candidate): number {
  const isDoubtful = instance.health.state === 'degraded';
  const failures = successRate === null ? 0 : 1 / Math.max(successRate, successRateMin) - 1;
  return ((inFlight + failures) / instance.weight) * (isDoubtful ? doubtFactor : 1);
}
