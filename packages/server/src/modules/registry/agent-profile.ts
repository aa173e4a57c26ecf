import type { JsonObject } from '@colloquy/protocol';

/** How urgent the work of an agent is: gold before silver before bronze. */
export const agentTiers = ['gold', 'silver', 'bronze'] as const;
export type AgentTier = (typeof agentTiers)[number];

/** The status that the owner sets. `maintenance` and `deprecated` warn callers; an explicit send still works. */
export const agentStatuses = ['active', 'maintenance', 'deprecated'] as const;
export type AgentStatus = (typeof agentStatuses)[number];

/** The best health among the instances that take new tasks. */
export const agentHealths = ['healthy', 'degraded', 'unknown', 'unhealthy'] as const;
export type AgentHealth = (typeof agentHealths)[number];

/** Metadata of an agent beyond the protocol; null for a field that is not set. */
export interface AgentProfile {
  readonly department: string | null;
  readonly owner: string | null;
  readonly costCenter: string | null;
  readonly tier: AgentTier;
  /** Concurrency limit: tasks that the agent works on at a time. */
  readonly slotsMax: number | null;
  readonly regions: readonly string[];
  /** Scopes that the agent declares for its callers. The platform checks its own scopes only. */
  readonly scopes: readonly string[];
  readonly status: AgentStatus;
  readonly documentationUrl: string | null;
}

/** A skill of the card in use, with its promises; null for a field that is not set. */
export interface AgentSkill {
  readonly skillId: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly idempotent: boolean;
  /** Typical duration of a task. */
  readonly estimatedMs: number | null;
  /** TTL of cached results; null: results are not cached. */
  readonly cacheTtlMs: number | null;
  readonly priceMicrocredits: bigint;
  /** JSON Schema 2020-12; null: any. */
  readonly inputSchema: JsonObject | null;
  readonly outputSchema: JsonObject | null;
}
