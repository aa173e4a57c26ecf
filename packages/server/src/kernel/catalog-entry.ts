import type { ErrorKind, Retry } from './error-kinds.ts';

/** What is known of an error by its code. */
export interface CatalogEntry {
  readonly kind: ErrorKind;
  /** Safe for the caller; says what to do where something can be done. */
  readonly sentence: string;
  /** Who can mend it. */
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
