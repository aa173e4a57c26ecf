import type { AgentHealth, AgentStatus, AgentTier } from './agent-profile.ts';
import type { RegisteredAgent } from './agent.ts';

/** What an agent is to be like, all of it at once; null for whatever. */
export interface AgentSearch {
  /** Words of its name, its card and its skills, as people type them: "quoted phrases", or, -not. */
  readonly text: string | null;
  /** How its name begins. */
  readonly name: string | null;
  /** The id of one of its skills. */
  readonly skill: string | null;
  /** A tag of one of its skills, in any case. */
  readonly tag: string | null;
  /** The id or a tag of one of its skills, a capability that its card declares, or the URI of an extension. */
  readonly capability: string | null;
  readonly department: string | null;
  readonly tier: AgentTier | null;
  readonly region: string | null;
  readonly status: AgentStatus | null;
  readonly health: AgentHealth | null;
}

/** An agent that was found. */
export interface FoundAgent {
  readonly agent: RegisteredAgent;
  /** How well the text fits, as PostgreSQL writes it; null where none was wanted. */
  readonly rank: string | null;
}

/** Where the page before ended, which stays right while other agents come and go: by name, and where text is searched by how well it fits before that. */
export interface SearchCursor {
  readonly rank: string | null;
  readonly name: string;
}

const cursorShape = /^(?:(\d+(?:\.\d+)?(?:e-\d{1,2})?):)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** Reads a cursor; null for what is none of this kind of search. */
export function searchCursorOf(text: string, search: AgentSearch): SearchCursor | null {
  const [, rank = null, name = ''] = cursorShape.exec(text) ?? [];
  const isRanked = rank !== null;
  return name === '' || isRanked !== (search.text !== null) ? null : { rank, name };
}

/** What the page after this agent begins with. */
export function searchCursorText({ rank, agent }: FoundAgent): string {
  return rank === null ? agent.name : `${rank}:${agent.name}`;
}
