import type { JsonObject } from '@colloquy/protocol';

/** How urgent the work of an agent is: gold before silver before bronze. */
export const agentTiers = ['gold', 'silver', 'bronze'] as const;
export type AgentTier = (typeof agentTiers)[number];

/** What its owner says of an agent: `maintenance` and `deprecated` warn whoever chooses it, and stop nothing. */
export const agentStatuses = ['active', 'maintenance', 'deprecated'] as const;
export type AgentStatus = (typeof agentStatuses)[number];

/** The best that can be said of the instances that take new tasks. */
export const agentHealths = ['healthy', 'degraded', 'unknown', 'unhealthy'] as const;
export type AgentHealth = (typeof agentHealths)[number];

/** What is said of an agent beyond its protocol; null where nobody said. */
export interface AgentProfile {
  readonly department: string | null;
  readonly owner: string | null;
  readonly costCenter: string | null;
  readonly tier: AgentTier;
  /** Tasks that it works on at a time. */
  readonly slotsMax: number | null;
  readonly regions: readonly string[];
  /** What callers need towards the agent, in its own words; the platform demands its own scopes. */
  readonly scopes: readonly string[];
  readonly status: AgentStatus;
  readonly documentationUrl: string | null;
}

/** A skill of the card in use, with what is promised of it; null where nobody said. */
export interface AgentSkill {
  readonly skillId: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly idempotent: boolean;
  /** How long a task usually takes. */
  readonly estimatedMs: number | null;
  /** How long a result may be used again; null: its results are not kept. */
  readonly cacheTtlMs: number | null;
  readonly priceMicrocredits: bigint;
  /** JSON Schema 2020-12; null: any. */
  readonly inputSchema: JsonObject | null;
  readonly outputSchema: JsonObject | null;
}
