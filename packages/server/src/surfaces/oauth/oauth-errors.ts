import { errors } from 'oidc-provider';
import { PlatformError } from '../../kernel/errors.ts';

/** A refusal that has to do with time: the RFC name on the wire, with Retry-After. */
class LaterError extends errors.OIDCProviderError {
  readonly failure: PlatformError;

  constructor(status: number, name: string, failure: PlatformError) {
    super(status, name, { cause: failure });
    this.failure = failure;
    this.expose = true;
  }
}

/** Too many failures of one client (RFC 8628 section 3.5 has the name; 429 says how it is meant). */
export function slowDown(failure: PlatformError): Error {
  return new LaterError(429, 'slow_down', failure);
}

/** What a port rejected with, as the authorization server says it (RFC 6749 section 4.1.2.1). */
export function temporarilyUnavailable(error: unknown): unknown {
  const isAway = error instanceof PlatformError && error.kind === 'unavailable';
  return isAway ? new LaterError(503, 'temporarily_unavailable', error) : error;
}

/** The catalogued failure behind an error of the token endpoint, for the log and the metrics. */
export function failureOf(error: Error): PlatformError {
  if (error instanceof LaterError) return error.failure;
  if (error instanceof PlatformError) return error;
  if (!(error instanceof errors.OIDCProviderError) || error.statusCode >= 500) {
    return new PlatformError('internal.unexpected', { cause: error });
  }
  const code = error.error === 'invalid_client' ? 'access.unauthenticated' : 'request.invalid';
  return new PlatformError(code, { cause: error });
}
