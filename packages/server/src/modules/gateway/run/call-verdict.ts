import { asPlatformError } from '../../../kernel/errors.ts';
import type { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import { limits } from '../../../kernel/limits.ts';
import type { BreakerCause } from '../../routing/index.ts';

/** What a call shows about the instance: it works, it is at fault, its credential is, or nothing. */
export type CallVerdict = 'answered' | BreakerCause | 'unjudged';

const faults: ReadonlySet<ErrorCode> = new Set([
  'upstream.unreachable',
  'upstream.outcome-unknown',
  'upstream.timeout',
  'upstream.key-refused',
]);
const credentialRefusals: ReadonlySet<string> = new Set([
  'HTTP_401',
  'HTTP_403',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
]);
/** Errors of the agent itself that do not depend on the request. */
const ownErrors: ReadonlySet<string> = new Set(['InternalError', 'INTERNAL_ERROR', 'INTERNAL', 'UNAVAILABLE']);
/** Without 501, which is about the request: the method is unknown. */
const serverError = /^HTTP_5(?!01)\d\d$/;

/** Judges a call by its error; null for none. An answer that is not A2A, or too large, may be caused by the request. */
export function verdictOf(error: PlatformError | null): CallVerdict {
  if (error === null) return 'answered';
  if (faults.has(error.code)) return 'fault';
  if (error.code !== 'upstream.refused') return 'unjudged';
  const said = error.details['agentError'] ?? '';
  if (credentialRefusals.has(said)) return 'credential';
  return ownErrors.has(said) || serverError.test(said) ? 'fault' : 'answered';
}

/** The pause in milliseconds that an agent requested when it refused a call, within `limits.upstreamRetryAfterMsMax`; 0 for none. */
export function requestedPauseMs(failure: unknown): number {
  const { code, retry } = asPlatformError(failure);
  if (code !== 'upstream.refused' || retry.kind !== 'after') return 0;
  return Math.min(retry.retryAfterMs, limits.upstreamRetryAfterMsMax);
}
