import { errorCatalog } from '../../kernel/error-catalog.ts';
import { limits } from '../../kernel/limits.ts';
import { agentTiers } from '../registry/index.ts';
import type { AgentTier } from '../registry/index.ts';

/** What is promised. Shares are whole millionths, so that nothing is rounded where tasks are counted. */
export interface SlaObjective {
  /** Of the tasks that count, those that must not fail. */
  readonly availabilityPpm: number;
  /** The time within which a task is to end, less what it waited for its caller. */
  readonly latencyMs: number;
  /** Of the tasks that did not fail, those that must end within that time. */
  readonly latencyPpm: number;
}

/** Every agent of a tier that has no objective of its own, or one agent. */
export type SlaSubject =
  { readonly kind: 'tier'; readonly name: AgentTier } | { readonly kind: 'agent'; readonly name: string };

/** What was said of a subject. */
export interface ObjectiveChange {
  readonly subject: SlaSubject;
  /** Null: nothing any more. */
  readonly objective: SlaObjective | null;
  /** The full hour from which on it holds; each hour has one objective. */
  readonly holdsFrom: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** What is promised of the agents of a tier whose tenant has said nothing. */
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
 * Codes of failures that are the caller's: such a task counts neither way. A deadline that passes is not among them; who names one wants
 * the task done by then.
 */
export const excusingCodes: readonly string[] = Object.entries(errorCatalog)
  .filter(([code, { actor }]) => actor === 'caller' && code !== 'task.deadline-passed')
  .map(([code]) => code);
