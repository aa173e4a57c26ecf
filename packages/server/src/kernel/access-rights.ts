/** The scopes at one agent. */
export interface AgentRights {
  /** Scopes that hold at the agent, whatever the skill. */
  readonly scopes: ReadonlySet<string>;
  /** By the id of a skill: scopes that hold for messages which name it. */
  readonly skills: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where a caller's scopes hold. A scope that is not listed here holds nowhere. */
export interface AccessRights {
  /** Scopes that hold in the whole tenant. */
  readonly tenant: ReadonlySet<string>;
  /** By the name of an agent: scopes that hold there in addition. */
  readonly agents: ReadonlyMap<string, AgentRights>;
}

/** Every scope of the caller holds in its whole tenant. One object, compared by reference: so most callers cost one comparison. */
export const everything: AccessRights = { tenant: new Set(), agents: new Map() };

/** A place where a scope is needed. Without an agent it is the whole tenant. */
export interface AccessPlace {
  readonly agentName?: string | undefined;
  /** The skill that a message names; absent or null when it names none. */
  readonly skillId?: string | null | undefined;
}

/** Whether a scope that the caller has holds at this place. */
export function holdsAt(rights: AccessRights, scope: string, { agentName, skillId }: AccessPlace): boolean {
  if (rights === everything || rights.tenant.has(scope)) return true;
  const agent = agentName === undefined ? undefined : rights.agents.get(agentName);
  if (agent === undefined) return false;
  if (agent.scopes.has(scope)) return true;
  return typeof skillId === 'string' && agent.skills.get(skillId)?.has(scope) === true;
}

/** Whether a scope holds at an agent, at least for one skill. */
export function holdsForSome(rights: AccessRights, scope: string, agentName: string): boolean {
  if (holdsAt(rights, scope, { agentName })) return true;
  const agent = rights.agents.get(agentName);
  return agent !== undefined && [...agent.skills.values()].some((scopes) => scopes.has(scope));
}

/** Whether a scope holds anywhere. */
export function holdsSomewhere(rights: AccessRights, scope: string): boolean {
  if (holdsAt(rights, scope, {})) return true;
  return [...rights.agents.keys()].some((agentName) => holdsForSome(rights, scope, agentName));
}

/** The names of the agents where a scope holds for some skill at least; null where it holds in the whole tenant. */
export function agentsReached(rights: AccessRights, scope: string): readonly string[] | null {
  if (holdsAt(rights, scope, {})) return null;
  return [...rights.agents.keys()].filter((agentName) => holdsForSome(rights, scope, agentName));
}
