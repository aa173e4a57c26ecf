import { asPlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';

/** For how many milliseconds an agent that refused a call asked to be left alone, within the bound; 0 for one that did not ask. */
export function askedPauseMs(failure: unknown): number {
  const { code, retry } = asPlatformError(failure);
  if (code !== 'upstream.refused' || retry.kind !== 'after') return 0;
  return Math.min(retry.retryAfterMs, limits.upstreamRetryAfterMsMax);
}
