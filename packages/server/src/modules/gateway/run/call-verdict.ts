import type { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { BreakerCause } from '../../routing/index.ts';

/** What a call says of the instance: it works, it is to blame, its credential is, or nothing. */
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
/** An error of the agent's own that says nothing about the request. */
const ownErrors: ReadonlySet<string> = new Set(['InternalError', 'INTERNAL_ERROR', 'INTERNAL', 'UNAVAILABLE']);
/** 501 is about the request: the method is unknown. */
const serverError = /^HTTP_5(?!01)\d\d$/;

/** Judges a call by how it failed; null: it did not. An answer that is no A2A, or too large, may be the request's doing. */
export function verdictOf(error: PlatformError | null): CallVerdict {
  if (error === null) return 'answered';
  if (faults.has(error.code)) return 'fault';
  if (error.code !== 'upstream.refused') return 'unjudged';
  const said = error.details['agentError'] ?? '';
  if (credentialRefusals.has(said)) return 'credential';
  return ownErrors.has(said) || serverError.test(said) ? 'fault' : 'answered';
}
