import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import type { DeliveryFault } from './delivery.ts';
import type { WebhookAnswer } from './webhook-sender.ts';

/** The attempt that was just made, and the retry settings. */
export interface DeliveryAttempt {
  /** Attempts so far, with this one. */
  readonly attempts: number;
  /** 1 for a replay, and for a receiver whose last delivery was dead-lettered. */
  readonly attemptsMax: number;
  /** Delay before the second attempt. */
  readonly retryMs: number;
  /** From 0 to just below 1. */
  readonly jitter: number;
}

/** What happens to the notification after an attempt. */
export type Verdict =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'retry';
      readonly reason: DeliveryFault;
      readonly status: number | null;
      readonly delayMs: number;
    }
  | { readonly kind: 'dead'; readonly reason: DeliveryFault; readonly status: number | null };

/**
 * Any 2xx is a success. 410 means that the receiver is gone for good. Every other answer, redirects included, is retried (Standard
 * Webhooks). Half of each delay is random, so that many subscriptions do not retry at the same time.
 */
export function judgeAnswer(
  answer: WebhookAnswer | { readonly kind: 'challenge-failed' | 'unreadable' },
  attempt: DeliveryAttempt,
): Verdict {
  const status = answer.kind === 'answered' ? answer.status : null;
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered', status };
  const reason = answer.kind === 'answered' ? (status === 410 ? 'gone' : 'http-status') : answer.kind;
  if (reason === 'gone' || attempt.attempts >= attempt.attemptsMax) return { kind: 'dead', reason, status };
  const asked = answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0;
  return { kind: 'retry', reason, status, delayMs: delayMsOf(attempt, asked) };
}

function delayMsOf({ attempts, retryMs, jitter }: DeliveryAttempt, askedMs: number): number {
  const grown = Math.min(retryMs * 2 ** (attempts - 1), limits.deliveryRetryMsMax);
  const spread = Math.round(grown / 2 + (jitter * grown) / 2);
  return Math.max(spread, Math.min(askedMs, limits.deliveryRetryMsMax));
}

/** From 0 to just below 1. */
export function jitterFrom(random: Random): number {
  const [a = 0, b = 0, c = 0] = random.bytes(3);
  return (a * 65_536 + b * 256 + c) / 16_777_216;
}

const challengeBytes = 16;

/** The text that a receiver has to echo. */
export function challengeToken(random: Random): string {
  return Array.from(random.bytes(challengeBytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
