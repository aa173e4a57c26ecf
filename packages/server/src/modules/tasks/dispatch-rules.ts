import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { limits } from '../../kernel/limits.ts';

/** The most urgent. */
export const taskPriorityMax = 9;

/** How urgent a task is among those of its agent, from 0 to 9, the first, when its caller does not say. */
export const taskPriorityDefault = 5;

/**
 * How far a task is put off behind those that are queued at the same moment. Places are given once and never change, so every task is
 * overtaken only by what comes within the greatest of these times, and none waits for ever.
 */
export function queueDelayMs(tier: keyof typeof limits.queueTierMs, priority: number): number {
  return limits.queueTierMs[tier] + (taskPriorityMax - priority) * limits.queuePriorityStepMs;
}

/** The pause after so many tries: it doubles, and `chance` (0 to 1) shortens it by up to half, so that what failed together does not come back together. */
export function retryDelayMs(attempts: number, chance: number): number {
  const fullMs = Math.min(limits.dispatchRetryMsMin * 2 ** (attempts - 1), limits.dispatchRetryMsMax);
  return Math.round(fullMs * (1 - chance / 2));
}

/** What one try of a task came to, without a word of the agent about it. */
export interface FailedAttempt {
  readonly code: ErrorCode;
  readonly attempts: number;
  /** Whether the agent may hear the same message twice. */
  readonly idempotent: boolean;
}

/** Whether the task is put off and tried again: nothing reached its agent, or it may hear the same again. */
export function isRequeued({ code, attempts, idempotent }: FailedAttempt): boolean {
  if (attempts >= limits.queueAttemptsMax) return false;
  return code === 'upstream.unreachable' || (idempotent && retryableFailures.has(code));
}

const retryableFailures: ReadonlySet<ErrorCode> = new Set([
  'upstream.outcome-unknown',
  'upstream.timeout',
  'upstream.refused',
  'upstream.invalid-answer',
]);
