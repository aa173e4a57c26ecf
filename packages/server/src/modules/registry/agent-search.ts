import type { AgentHealth, AgentStatus, AgentTier } from './agent-profile.ts';
import type { RegisteredAgent } from './agent.ts';

/** Search conditions; an agent must match all of them. Null: any value. */
export interface AgentSearch {
  /** Full-text query over its name, card and skills, in web search syntax: "quoted phrases", or, -not. */
  readonly text: string | null;
  /** Prefix of its name. */
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

/** A search result. */
export interface FoundAgent {
  readonly agent: RegisteredAgent;
  /** The text search rank as PostgreSQL writes it; null when no text was searched. */
  readonly rank: string | null;
}

/** The end of the previous page: its last name, and its last rank when text was searched. It stays valid while agents are added and removed. */
export interface SearchCursor {
  readonly rank: string | null;
  readonly name: string;
}

const cursorShape = /^(?:(\d+(?:\.\d+)?(?:e-\d{1,2})?):)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** Reads a cursor; null when it is invalid for this search. */
export function searchCursorOf(text: string, search: AgentSearch): SearchCursor | null {
  const [, rank = null, name = ''] = cursorShape.exec(text) ?? [];
  const isRanked = rank !== null;
  return name === '' || isRanked !== (search.text !== null) ? null : { rank, name };
}

/** The cursor of the page after this agent. */
export function searchCursorText({ rank, agent }: FoundAgent): string {
  return rank === null ? agent.name : `${rank}:${agent.name}`;
}
