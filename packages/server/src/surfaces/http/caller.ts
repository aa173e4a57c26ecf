import type { Caller, Principal } from '../../kernel/caller.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { RequestId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type {
  Authenticator,
  Identity,
  PresentedCertificate,
  PresentedCredentials,
} from '../../modules/access/index.ts';
import { RateWindows } from './rate-windows.ts';
import type { Visit } from './visit.ts';

export interface CallerOfOptions {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly clock: Clock;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end: proofs name addresses below it. */
  readonly publicUrl: string;
  /** Requests a second of one client on this process. */
  readonly clientRequestsPerSecondMax?: number;
}

/** What is asked of a request to know its caller, whatever protocol it came by. */
export interface AskingRequest {
  readonly visit: AskingVisit;
}

export interface AskingVisit extends Pick<Visit, 'requestId' | 'signal' | 'method' | 'target' | 'offerNonce'> {
  /** The certificate that the client has shown; null for none. */
  readonly peerCertificate: PresentedCertificate | null;
  readonly headers: { readonly authorization?: string | undefined; readonly dpop?: string | string[] | undefined };
  caller: Caller | null;
}

/**
 * The caller of a request, at once when its token was checked a moment ago and the same for the whole request. Throws or rejects
 * with `access.unauthenticated`, `request.rate-limited` or `platform.unavailable`.
 */
export type CallerOf = (request: AskingRequest) => Caller | Promise<Caller>;

export function createCallerOf(options: CallerOfOptions): CallerOf {
  const { authenticator, clock, publicUrl, clientRequestsPerSecondMax } = options;
  const rates = new RateWindows({
    clock,
    countMax: clientRequestsPerSecondMax ?? limits.clientRequestsPerSecondMax,
    windowMs: 1_000,
    keysMax: limits.rateWindowsMax,
  });
  const admit = (visit: AskingVisit, identity: Identity): Caller => {
    const caller = new RequestCaller(identity, visit);
    visit.caller = caller;
    const retryAfterMs = rates.count(identity.principal.id);
    if (retryAfterMs > 0) throw new PlatformError('request.rate-limited', { retry: { kind: 'after', retryAfterMs } });
    return caller;
  };
  return ({ visit }) => {
    if (visit.caller !== null) return visit.caller;
    const identity = authenticator.authenticate(new VisitCredentials(visit, publicUrl));
    return identity instanceof Promise ? identity.then((known) => admit(visit, known)) : admit(visit, identity);
  };
}

/** What is not asked for costs nothing: a bearer token needs the first field only. */
class VisitCredentials implements PresentedCredentials {
  readonly #visit: AskingVisit;
  readonly #publicUrl: string;

  constructor(visit: AskingVisit, publicUrl: string) {
    this.#visit = visit;
    this.#publicUrl = publicUrl;
  }

  get authorization(): string | undefined {
    return this.#visit.headers.authorization;
  }

  get dpop(): string | undefined {
    const { dpop } = this.#visit.headers;
    return Array.isArray(dpop) ? dpop.join(', ') : dpop;
  }

  get method(): string {
    return this.#visit.method;
  }

  get url(): string {
    const { target } = this.#visit;
    const pathEnd = target.indexOf('?');
    return this.#publicUrl + (pathEnd === -1 ? target : target.slice(0, pathEnd));
  }

  get certificate(): PresentedCertificate | null {
    return this.#visit.peerCertificate;
  }

  offerNonce(nonce: string): void {
    this.#visit.offerNonce(nonce);
  }
}

class RequestCaller implements Caller {
  readonly principal: Principal;
  readonly actors: readonly Principal[];
  readonly tenant: Caller['tenant'];
  readonly scopes: ReadonlySet<string>;
  readonly boundTo: Caller['boundTo'];
  readonly standing: Caller['standing'];
  readonly requestId: RequestId;
  readonly expiresAtMs: number;
  readonly #visit: AskingVisit;

  constructor(identity: Identity, visit: AskingVisit) {
    this.principal = identity.principal;
    this.actors = identity.actors;
    this.tenant = identity.tenant;
    this.scopes = identity.scopes;
    this.boundTo = identity.boundTo;
    this.standing = identity.standing;
    this.requestId = visit.requestId;
    this.expiresAtMs = identity.expiresAtMs;
    this.#visit = visit;
  }

  get signal(): AbortSignal {
    return this.#visit.signal;
  }
}
