/** What class of failure it is; the platform's kinds. */
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
  /** Well formed, and what it names outside of the platform can not be used. */
  | 'unprocessable'
  | 'upstream-failed'
  | 'upstream-timeout'
  | 'unavailable'
  | 'canceled'
  | 'internal';

/** Whether asking again can help: not at all, at once, or after a time. */
export type Retry =
  { readonly kind: 'never' | 'same-request' } | { readonly kind: 'after'; readonly retryAfterMs: number };
