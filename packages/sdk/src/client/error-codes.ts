import { errorCodes } from './error-codes.gen.ts';
import type { ErrorKind } from './error-kinds.ts';

/** Kind and retry rule of an error code. */
export interface PlatformErrorRow {
  readonly kind: ErrorKind;
  /** Whether a retry can help; the answer says how long to wait. */
  readonly retry: 'never' | 'same-request' | 'after';
}

/** A code of the platform that this SDK knows. */
export type PlatformErrorCode = keyof typeof errorCodes;

/** Kind and retry rule of every code that the platform of this version answers with. Codes are stable: they are added, never renamed or reused. */
export const platformErrors: Readonly<Record<PlatformErrorCode, PlatformErrorRow>> = errorCodes;

/**
 * Failures that the SDK itself finds: `unreachable`, no connection or no whole answer; `invalid-answer`, not what the contract
 * says; `answer-too-large`, beyond this client's bounds; `stream-cut`, a stream ended before its task; `refused`, a refusal without one
 * of the platform's codes: a proxy or another server answered.
 */
export type SdkErrorCode =
  'sdk.unreachable' | 'sdk.invalid-answer' | 'sdk.answer-too-large' | 'sdk.stream-cut' | 'sdk.refused';

/** A code this SDK knows, or one that is newer than it; the last member keeps suggestions in editors while any is allowed. */
export type ErrorCode = PlatformErrorCode | SdkErrorCode | (string & {});
