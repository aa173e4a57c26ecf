import { everything } from '../../kernel/access-rights.ts';
import type { AccessRights, AgentRights } from '../../kernel/access-rights.ts';
import type { HeldRole } from './grant.ts';
import { roleTable } from './role.ts';

interface Gathered {
  readonly scopes: Set<string>;
  readonly skills: Map<string, Set<string>>;
}

/**
 * Where the scopes of a token hold, by the roles of each party to it that was ever granted one: only where all of them hold. A principal
 * that was never granted a role has no list and limits nothing; one whose roles were all taken away has an empty one, and holds nowhere.
 */
export function rightsOf(held: readonly (readonly HeldRole[])[]): AccessRights {
  return held.map(rightsOfOne).reduce(sharedRights, everything);
}

function rightsOfOne(held: readonly HeldRole[]): AccessRights {
  const tenant = new Set<string>();
  const agents = new Map<string, Gathered>();
  for (const { role, agentName, skillId } of held) {
    const { scopes } = roleTable[role];
    addAll(agentName === null ? tenant : setAt(agents, agentName, skillId), scopes);
  }
  return { tenant, agents: agents satisfies ReadonlyMap<string, AgentRights> };
}

function setAt(agents: Map<string, Gathered>, agentName: string, skillId: string | null): Set<string> {
  const agent = agents.get(agentName) ?? { scopes: new Set<string>(), skills: new Map<string, Set<string>>() };
  agents.set(agentName, agent);
  if (skillId === null) return agent.scopes;
  const skill = agent.skills.get(skillId) ?? new Set<string>();
  agent.skills.set(skillId, skill);
  return skill;
}

function addAll(set: Set<string>, scopes: readonly string[]): void {
  for (const scope of scopes) set.add(scope);
}

/** The rights that both have. */
function sharedRights(one: AccessRights, other: AccessRights): AccessRights {
  if (one === everything) return other;
  const names = new Set([...one.agents.keys(), ...other.agents.keys()]);
  const agents = Array.from(names, (name) => [name, sharedAt(name, one, other)] as const);
  return { tenant: one.tenant.intersection(other.tenant), agents: new Map(agents) };
}

function sharedAt(name: string, one: AccessRights, other: AccessRights): AgentRights {
  const skills = [one, other].flatMap(({ agents }) => [...(agents.get(name)?.skills.keys() ?? [])]);
  const atSkill = (skill: string | null): ReadonlySet<string> =>
    scopesAt(one, name, skill).intersection(scopesAt(other, name, skill));
  return { scopes: atSkill(null), skills: new Map(skills.map((skill) => [skill, atSkill(skill)])) };
}

function scopesAt({ tenant, agents }: AccessRights, name: string, skill: string | null): Set<string> {
  const agent = agents.get(name);
  const ofSkill = skill === null ? undefined : agent?.skills.get(skill);
  return new Set([...tenant, ...(agent?.scopes ?? []), ...(ofSkill ?? [])]);
}
