/** What class of failure it is. Each surface answers every kind from a total table. */
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

/** Whether asking again can help: never, with the same request at once, or after a while. */
export type Retry =
  { readonly kind: 'never' | 'same-request' } | { readonly kind: 'after'; readonly retryAfterMs: number };
