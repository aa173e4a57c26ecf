/** How one of several instances is chosen that are equally fit. */
export type InstanceChoice = 'least-outstanding' | 'weighted' | 'spread';

/** The share of a version of an agent, 0 to 1000. */
export interface VersionShare {
  readonly version: string;
  readonly weight: number;
}

/** What may be said for one skill in particular; what is left out is as it is for the agent. */
export interface SkillRouting {
  /** Id of the skill. */
  readonly skill: string;
  readonly choice?: InstanceChoice;
  /** Only instances of this version take the skill, as long as one of them can. */
  readonly version?: string;
  readonly regions?: readonly string[];
}

/** What a shadow version is sent. */
export interface MirrorSettings {
  /** The version whose instances get the copies; they take no other work. */
  readonly version: string;
  /** How many of a hundred sends are copied, 1 to 100. */
  readonly percent: number;
}

/** How sends find an instance of one agent. Every list is bounded in `limits`. */
export interface RoutingPolicy {
  readonly choice: InstanceChoice;
  /** Whether the tasks of one context go to one instance as long as it can take them. */
  readonly sticky: boolean;
  /** Regions in the order of preference; `own` stands for that of the node that decides. */
  readonly regions: readonly string[];
  /** How sends are split among versions; a version that is not named has the sum of its instances' weights. */
  readonly versions: readonly VersionShare[];
  readonly skills: readonly SkillRouting[];
  readonly mirror: MirrorSettings | null;
}

/** The policy of every agent that nobody said anything of. One object, compared by reference. */
export const defaultRoutingPolicy: RoutingPolicy = {
  choice: 'least-outstanding',
  sticky: true,
  regions: [],
  versions: [],
  skills: [],
  mirror: null,
};

/** The word for the region of the node that decides. */
export const ownRegion = 'own';

/** The part of a policy that chooses for one send. */
export type SelectionSettings = Pick<RoutingPolicy, 'choice' | 'regions' | 'versions'> & {
  /** Null: any version. */
  readonly version: string | null;
  /** Instances of this version take nothing; null for none. */
  readonly shadow: string | null;
};

/** The terms for a send that names this skill, or none. */
export function selectionFor(policy: RoutingPolicy, skillId: string | null): SelectionSettings {
  const special = skillId === null ? undefined : policy.skills.find(({ skill }) => skill === skillId);
  return {
    choice: special?.choice ?? policy.choice,
    regions: special?.regions ?? policy.regions,
    versions: policy.versions,
    version: special?.version ?? null,
    shadow: policy.mirror?.version ?? null,
  };
}

/** What contradicts itself in a policy whose parts are well-formed. */
export function policyViolations({ versions, skills, mirror, regions }: RoutingPolicy): readonly PolicyViolation[] {
  const named = versions.map(({ version }) => version);
  const violations: PolicyViolation[] = [];
  const refuse = (field: string, description: string): void => void violations.push({ field, description });
  if (hasTwice(named)) refuse('versions', 'must name every version once');
  if (hasTwice(skills.map(({ skill }) => skill))) refuse('skills', 'must name every skill once');
  if (hasTwice(regions)) refuse('regions', 'must name every region once');
  if (mirror !== null && named.includes(mirror.version))
    refuse('mirror.version', 'must not have a share of the sends: its answers are dropped');
  return violations;
}

interface PolicyViolation {
  readonly field: string;
  readonly description: string;
}

function hasTwice(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}
