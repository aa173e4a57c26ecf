import { limits } from '../../kernel/limits.ts';
import type { AnswerHeaders } from './answer-frames.ts';

/** Status codes whose `Retry-After` is about the server's load (RFC 9110 section 15.6.4, RFC 6585 section 4). */
const statuses: ReadonlySet<number> = new Set([429, 503]);

/**
 * For how many milliseconds an agent that refuses a request wants to be left alone (RFC 9110 section 10.2.3), at most
 * `limits.upstreamRetryAfterMsMax`; null when it does not say. A date counts from that of the answer: the agent's clock is not ours.
 */
export function retryAfterOf(status: number, { 'retry-after': asked, date }: AnswerHeaders): number | null {
  if (!statuses.has(status) || typeof asked !== 'string') return null;
  const waitMs = /^\d{1,10}$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.parse(String(date));
  return waitMs > 0 ? Math.min(waitMs, limits.upstreamRetryAfterMsMax) : null;
}
