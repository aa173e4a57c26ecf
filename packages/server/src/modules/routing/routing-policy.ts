/** How to choose among equally fit instances. */
export type InstanceChoice = 'least-outstanding' | 'weighted' | 'spread';

/** The share of a version of an agent, 0 to 1000. */
export interface VersionShare {
  readonly version: string;
  readonly weight: number;
}

/** Settings for one skill; an absent field is as for the agent. */
export interface SkillRouting {
  /** Id of the skill. */
  readonly skill: string;
  readonly choice?: InstanceChoice;
  /** Only instances of this version take the skill, while one of them is able. */
  readonly version?: string;
  readonly regions?: readonly string[];
}

/** Mirroring of sends to a shadow version. */
export interface MirrorSettings {
  /** The version whose instances get the copies; they take no other work. */
  readonly version: string;
  /** How many of a hundred sends are copied, 1 to 100. */
  readonly percent: number;
}

/** How sends choose an instance of one agent. Every list is bounded in `limits`. */
export interface RoutingPolicy {
  readonly choice: InstanceChoice;
  /** Whether the tasks of a context go to one instance while it is able to take them. */
  readonly sticky: boolean;
  /** Regions in order of preference; `own` is the region of the deciding node. */
  readonly regions: readonly string[];
  /** Weights of versions; a version that is not listed has the sum of its instances' weights. */
  readonly versions: readonly VersionShare[];
  readonly skills: readonly SkillRouting[];
  readonly mirror: MirrorSettings | null;
}

/** The policy of an agent without one of its own. One object, compared by reference. */
export const defaultRoutingPolicy: RoutingPolicy = {
  choice: 'least-outstanding',
  sticky: true,
  regions: [],
  versions: [],
  skills: [],
  mirror: null,
};

/** The name that stands for the region of the deciding node. */
export const ownRegion = 'own';

/** The part of a policy that applies to one send. */
export type SelectionSettings = Pick<RoutingPolicy, 'choice' | 'regions' | 'versions'> & {
  /** Null: any version. */
  readonly version: string | null;
  /** Instances of this version take nothing; null for none. */
  readonly shadow: string | null;
};

/** The settings for a send that names this skill, or none. */
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

/** Contradictions in a policy whose fields are valid. */
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
