import type { ErrorKind, Retry } from './error-kinds.ts';

/** The facts of an error code. */
export interface CatalogEntry {
  readonly kind: ErrorKind;
  /** Safe for the caller: what happened, why, and what to do next. */
  readonly sentence: string;
  /** The role that can fix the cause. */
  readonly actor: 'caller' | 'tenant-admin' | 'operator' | 'agent' | 'us';
  readonly retry: Retry;
}

export const never: Retry = { kind: 'never' };
export const same: Retry = { kind: 'same-request' };

export const entry = (kind: ErrorKind, actor: CatalogEntry['actor'], retry: Retry, sentence: string): CatalogEntry => ({
  kind,
  actor,
  retry,
  sentence,
});
