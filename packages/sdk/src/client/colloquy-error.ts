import type { ErrorCode } from './error-codes.ts';
import type { ErrorKind, Retry } from './error-kinds.ts';

export type { ErrorKind, Retry } from './error-kinds.ts';

/** One field that broke a rule. `field` is empty for the request as a whole. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

/** What is known about a failure. */
export interface ColloquyErrorFacts {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retry: Retry;
  readonly requestId?: string | undefined;
  readonly violations?: readonly Violation[];
  readonly details?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * Every failure a client throws, except an abort by the caller's own signal. `code` is the platform's stable code (or one of
 * this SDK's own, `sdk.*`); a code newer than this SDK survives as it came.
 */
export class ColloquyError extends Error {
  override readonly name = 'ColloquyError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly retry: Retry;
  /** Quote it when you report the failure. */
  readonly requestId: string | undefined;
  readonly violations: readonly Violation[];
  readonly details: Readonly<Record<string, string>>;

  constructor(facts: ColloquyErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.kind = facts.kind;
    this.retry = facts.retry;
    this.requestId = facts.requestId;
    this.violations = facts.violations ?? [];
    this.details = facts.details ?? {};
  }
}
