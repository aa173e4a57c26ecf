import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { limits } from '../../kernel/limits.ts';

/** The most urgent. */
export const taskPriorityMax = 9;

/** The default priority of a task among those of its agent, from 0 to 9, 9 being the most urgent. */
export const taskPriorityDefault = 5;

/**
 * How far a task is put behind tasks that are queued at the same moment. A rank is given once and never changes, so a task is overtaken only by tasks
 * that come within the greatest of these times, and none waits for ever.
 */
export function queueDelayMs(tier: keyof typeof limits.queueTierMs, priority: number): number {
  return limits.queueTierMs[tier] + (taskPriorityMax - priority) * limits.queuePriorityStepMs;
}

/** The backoff after so many attempts: it doubles each time, and jitter (`chance`, 0 to 1) shortens it by up to half. */
export function retryDelayMs(attempts: number, chance: number): number {
  const fullMs = Math.min(limits.queueRetryMsMin * 2 ** (attempts - 1), limits.queueRetryMsMax);
  return Math.round(fullMs * (1 - chance / 2));
}

/** A failed attempt about which the agent has reported nothing. */
export interface FailedAttempt {
  readonly code: ErrorCode;
  readonly attempts: number;
  /** Whether the agent may hear the same message twice. */
  readonly idempotent: boolean;
}

/** Whether the task goes back into its queue: nothing reached its agent, or the agent may receive the same message again. */
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
