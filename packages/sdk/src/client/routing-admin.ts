import type { AdminCall } from './admin-call.ts';
import { reading, removing, setting } from './admin-requests.ts';
import { boolean, list, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** What is said for one skill; what is absent is as it is for the agent. */
export interface SkillRouting {
  /** Id of the skill. */
  readonly skill: string;
  readonly choice?: string | undefined;
  /** Only instances of this version take it, as long as one of them can. */
  readonly version?: string | undefined;
  readonly regions?: readonly string[] | undefined;
}

/** How sends find an instance of an agent. */
export interface AgentRouting {
  /** `least-outstanding`, `weighted` or `spread`. */
  readonly choice: string;
  /** Whether tasks of one context go to one instance. */
  readonly sticky: boolean;
  /** In the order of preference; `own` is the region of the node that decides. */
  readonly regions: readonly string[];
  /** How sends are split among versions: a weight from 0 to 1000 each. */
  readonly versions: readonly { readonly version: string; readonly weight: number }[];
  readonly skills: readonly SkillRouting[];
  /** The version that gets copies of so many of a hundred sends; absent for none. */
  readonly mirror?: { readonly version: string; readonly percent: number } | undefined;
}

/** Routing policies of agents. */
export interface RoutingAdmin {
  read(agent: string): Promise<AgentRouting>;
  /** Replaces what was set. */
  set(agent: string, routing: AgentRouting): Promise<AgentRouting>;
  /** Takes back what was set. */
  unset(agent: string): Promise<void>;
}

const skill = object<SkillRouting>({
  skill: string,
  choice: optional(string),
  version: optional(string),
  regions: optional(list(string)),
});
const routing: Reader<AgentRouting> = object<AgentRouting>({
  choice: string,
  sticky: boolean,
  regions: list(string),
  versions: list(
    object<{ readonly version: string; readonly weight: number }>({ version: string, weight: wholeNumber }),
  ),
  skills: list(skill),
  mirror: optional(
    object<{ readonly version: string; readonly percent: number }>({ version: string, percent: wholeNumber }),
  ),
});

/** The part of the admin client that is about routing, below the path of a tenant. */
export function routingAdmin(call: AdminCall, base: string): RoutingAdmin {
  const pathOf = (agent: string): string => `${base}/agents/${encodeURIComponent(agent)}/routing`;
  return {
    read: (agent) => call({ ...reading(pathOf(agent)), read: routing }),
    set: (agent, wanted) => call({ ...setting(pathOf(agent), wanted), read: routing }),
    unset: (agent) => call({ ...removing(pathOf(agent)), read: () => undefined }),
  };
}
