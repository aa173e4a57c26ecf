/** The class of a failure. Each surface answers every kind from a total table. */
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
  /** Well formed, but something outside the platform that it names cannot be used. */
  | 'unprocessable'
  | 'upstream-failed'
  | 'upstream-timeout'
  | 'unavailable'
  | 'canceled'
  | 'internal';

/** Whether a retry can help: never, the same request at once, or after a time. */
export type Retry =
  { readonly kind: 'never' | 'same-request' } | { readonly kind: 'after'; readonly retryAfterMs: number };
