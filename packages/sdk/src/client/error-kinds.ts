/** The class of a failure; the platform's kinds. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'precondition'
  | 'payment-required'
  | 'too-large'
  | 'rate-limited'
  /** The request is well formed, but something that it names outside of the platform can not be used. */
  | 'unprocessable'
  | 'upstream-failed'
  | 'upstream-timeout'
  | 'unavailable'
  | 'canceled'
  | 'internal';

/** Whether a retry can help: not at all, at once, or after a time. */
export type Retry =
  { readonly kind: 'never' | 'same-request' } | { readonly kind: 'after'; readonly retryAfterMs: number };
