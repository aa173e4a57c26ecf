import { setTimeout as delay } from 'node:timers/promises';
import { clientLimits } from './client-limits.ts';
import { ColloquyError } from './colloquy-error.ts';

/** How a client waits between attempts. */
export interface Backoff {
  /** A number from 0 to below 1. */
  readonly random: () => number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Real time and real randomness. */
export const realBackoff: Backoff = {
  random: Math.random,
  pause: (ms, signal) =>
    delay(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    }),
};

/**
 * The pause before the next attempt after `failures` failed ones in a row; undefined when the client must not retry: the
 * error says that a retry can not help, all attempts are used, or the platform asks for too long a pause.
 */
export function nextPauseMs(error: unknown, failures: number, random: () => number): number | undefined {
  if (!(error instanceof ColloquyError) || error.retry.kind === 'never') return undefined;
  if (failures >= clientLimits.attemptsMax) return undefined;
  const ceiling = Math.min(clientLimits.backoffMs, clientLimits.backoffFirstMs * 2 ** (failures - 1));
  const jittered = random() * ceiling;
  if (error.retry.kind !== 'after') return jittered;
  return error.retry.retryAfterMs > clientLimits.retryAfterMsMax ? undefined : error.retry.retryAfterMs + jittered;
}

/** Runs `attempt` until it succeeds or {@link nextPauseMs} allows no further attempt. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  backoff: Backoff,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = nextPauseMs(error, failures, backoff.random);
      if (pauseMs === undefined) throw error;
      await backoff.pause(pauseMs, signal);
    }
  }
}
