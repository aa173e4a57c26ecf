import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { ErrorKind, PlatformError } from '../../kernel/errors.ts';
import { asRequestError } from './request-error.ts';

interface Rendering {
  readonly status: number;
  readonly title: string;
}

const renderingByKind: Readonly<Record<ErrorKind, Rendering>> = {
  invalid: { status: 400, title: 'Invalid request' },
  unauthenticated: { status: 401, title: 'Authentication required' },
  'payment-required': { status: 402, title: 'Credits required' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  precondition: { status: 409, title: 'Not possible in this state' },
  'too-large': { status: 413, title: 'Too large' },
  unprocessable: { status: 422, title: 'Not usable' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  canceled: { status: 499, title: 'Canceled' },
  internal: { status: 500, title: 'Internal error' },
  'upstream-failed': { status: 502, title: 'The agent failed' },
  unavailable: { status: 503, title: 'Unavailable' },
  'upstream-timeout': { status: 504, title: 'The agent took too long' },
};

/** A problem document (RFC 9457), with our code and the id to quote. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
}

/** The HTTP status of an error (RFC 9110 section 15). */
export function statusOf(error: PlatformError): number {
  return error.code === 'request.unsupported-media-type' ? 415 : renderingByKind[error.kind].status;
}

/** How to do better with a proof (RFC 9449 section 7.1). */
const proofChallenges: Partial<Record<ErrorCode, string>> = {
  'access.proof-invalid': 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA"',
  'access.proof-nonce-needed': 'DPoP error="use_dpop_nonce", algs="ES256 EdDSA"',
};

/** Header fields that an error brings, whatever its body looks like: when to retry, how to authenticate (RFC 6750 section 3). */
export function errorHeaders(error: PlatformError): Readonly<Record<string, string>> {
  if (error.retry.kind === 'after') {
    const seconds = String(Math.ceil(error.retry.retryAfterMs / 1000));
    return { 'Retry-After': seconds, ...rateLimitHeaders(error.details, seconds) };
  }
  // The rest of the body is not read, so nothing can follow it on this connection.
  if (error.kind === 'too-large') return { Connection: 'close' };
  if (error.kind === 'unauthenticated') return { 'WWW-Authenticate': proofChallenges[error.code] ?? 'Bearer' };
  const { scope } = error.details;
  if (error.code !== 'access.scope-missing' || scope === undefined) return {};
  return { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` };
}

/**
 * Which limit was reached, in structured fields (draft-ietf-httpapi-ratelimit-headers-10, RFC 9651): `q` at once or in the `w` seconds
 * that they need to come back; `r` of them are left, and `t` seconds on there is at least one.
 */
function rateLimitHeaders({ limit, limitRequests, limitSeconds }: PlatformError['details'], seconds: string) {
  if (limit === undefined || limitRequests === undefined || limitSeconds === undefined) return {};
  return {
    'RateLimit-Policy': `"${limit}";q=${limitRequests};w=${limitSeconds}`,
    RateLimit: `"${limit}";r=0;t=${seconds}`,
  };
}

function problemOf(error: PlatformError, requestId: string): Problem {
  return {
    type: `urn:colloquy:error:${error.code}`,
    title: renderingByKind[error.kind].title,
    status: statusOf(error),
    code: error.code,
    detail: error.message,
    requestId,
    ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
    ...(error.violations.length === 0 ? {} : { violations: error.violations }),
  };
}

/** What went wrong as a problem document (RFC 9457). */
export function problemText(error: PlatformError, requestId: string): string {
  return JSON.stringify(problemOf(error, requestId));
}

/** Answers a request with what went wrong. For everything that does not speak a protocol with errors of its own. */
export function renderProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const failure = asRequestError(error);
  request.context.fail(failure);
  const { requestId } = request.context;
  void reply
    .code(statusOf(failure))
    .headers(errorHeaders(failure))
    .type('application/problem+json')
    .send(problemText(failure, requestId));
}
