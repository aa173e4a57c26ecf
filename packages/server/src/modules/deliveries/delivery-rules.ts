import { limits } from '../../kernel/limits.ts';
import type { DeliveryFault } from './delivery.ts';
import type { WebhookAnswer } from './webhook-sender.ts';

/** What was tried before, and how patient the platform is. */
export interface Trial {
  /** This try included. */
  readonly attempts: number;
  /** 1 for a replay and for a receiver that is known to fail. */
  readonly attemptsMax: number;
  /** Delay of the second try. */
  readonly retryMs: number;
  /** From 0 to just below 1. */
  readonly jitter: number;
}

/** What an answer means for the notification. */
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
 * Any 2xx is success; 410 says that the receiver is gone for good; everything else, redirects included, may be over in a while
 * (Standard Webhooks). Half of each delay is chance, so that many subscriptions do not come back at once.
 */
export function judgeAnswer(
  answer: WebhookAnswer | { readonly kind: 'challenge-failed' | 'unreadable' },
  trial: Trial,
): Verdict {
  const status = answer.kind === 'answered' ? answer.status : null;
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered', status };
  const reason = answer.kind === 'answered' ? (status === 410 ? 'gone' : 'http-status') : answer.kind;
  if (reason === 'gone' || trial.attempts >= trial.attemptsMax) return { kind: 'dead', reason, status };
  const asked = answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0;
  return { kind: 'retry', reason, status, delayMs: delayMsOf(trial, asked) };
}

function delayMsOf({ attempts, retryMs, jitter }: Trial, askedMs: number): number {
  const grown = Math.min(retryMs * 2 ** (attempts - 1), limits.deliveryRetryMsMax);
  const spread = Math.round(grown / 2 + (jitter * grown) / 2);
  return Math.max(spread, Math.min(askedMs, limits.deliveryRetryMsMax));
}
