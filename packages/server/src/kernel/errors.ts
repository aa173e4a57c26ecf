import { errorCatalog } from './error-catalog.ts';
import type { ErrorCode } from './error-catalog.ts';
import type { ErrorKind, Retry } from './error-kinds.ts';

export type { ErrorKind, Retry } from './error-kinds.ts';

export interface PlatformErrorOptions {
  /** Replaces the catalogue's sentence. Must be safe to show to the caller. */
  readonly message?: string;
  /** Typed, safe facts for the caller. Strings only, as google.rpc.ErrorInfo metadata demands. */
  readonly details?: Readonly<Record<string, string>>;
  /** What is wrong with each field of the request. */
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
  readonly retry?: Retry;
  /** Private: reaches the log and nothing else. */
  readonly cause?: unknown;
}

/** A failure with a stable code, a sentence that is safe to show, and a private cause. */
export class PlatformError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, string>>;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
  readonly retry: Retry;

  constructor(code: ErrorCode, options: PlatformErrorOptions = {}) {
    const entry = errorCatalog[code];
    super(options.message ?? entry.sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlatformError';
    this.code = code;
    this.kind = entry.kind;
    this.details = options.details ?? {};
    this.violations = options.violations ?? [];
    this.retry = options.retry ?? entry.retry;
  }
}

/** The error as it may be shown: an error that is no `PlatformError` becomes `internal.unexpected` with the original as cause. */
export function asPlatformError(error: unknown): PlatformError {
  return error instanceof PlatformError ? error : new PlatformError('internal.unexpected', { cause: error });
}
