import { errorCatalog } from '../../kernel/error-catalog.ts';
import { limits } from '../../kernel/limits.ts';
import { agentTiers } from '../registry/index.ts';
import type { AgentTier } from '../registry/index.ts';

/** A service level objective. Shares are integers in millionths (ppm), so that counting needs no rounding. */
export interface SlaObjective {
  /** Share of the counted tasks that must not fail. */
  readonly availabilityPpm: number;
  /** Time limit of a task, without the time that it waited for its caller. */
  readonly latencyMs: number;
  /** Share of the successful tasks that must end within that time. */
  readonly latencyPpm: number;
}

/** Every agent of a tier that has no objective of its own, or one agent. */
export type SlaSubject =
  { readonly kind: 'tier'; readonly name: AgentTier } | { readonly kind: 'agent'; readonly name: string };

/** A change of a subject's objective. */
export interface ObjectiveChange {
  readonly subject: SlaSubject;
  /** Null: removed. */
  readonly objective: SlaObjective | null;
  /** The full hour from which it is in force; each hour has one objective. */
  readonly holdsFrom: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** The platform's default objective of a tier. */
export function defaultObjective(tier: AgentTier): SlaObjective {
  return {
    availabilityPpm: limits.slaAvailabilityPpm[tier],
    latencyMs: limits.slaLatencyMs[tier],
    latencyPpm: limits.slaLatencyPpm[tier],
  };
}

export const defaultObjectives: readonly (SlaObjective & { readonly tier: AgentTier })[] = agentTiers.map((tier) => ({
  tier,
  ...defaultObjective(tier),
}));

export function isTier(name: string): name is AgentTier {
  return agentTiers.some((tier) => tier === name);
}

/**
 * Error codes of failures that the caller causes; such a task is excused. A passed deadline is not excused, because the caller wants the
 * task done by then.
 */
export const excusingCodes: readonly string[] = Object.entries(errorCatalog)
  .filter(([code, { actor }]) => actor === 'caller' && code !== 'task.deadline-passed')
  .map(([code]) => code);
