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
import type { Limiter } from '../../modules/limits/index.ts';
import { networkOf } from './address-ranges.ts';
import type { Visit } from './visit.ts';

export interface CallerOfOptions {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly limiter: Pick<Limiter, 'admit' | 'admitStranger' | 'assertStranger' | 'learn'>;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end: proofs name addresses below it. */
  readonly publicUrl: string;
}

/** What is asked of a request to know its caller, whatever protocol it came by. */
export interface AskingRequest {
  readonly visit: AskingVisit;
}

export interface AskingVisit extends Pick<
  Visit,
  'requestId' | 'startedAtMs' | 'signal' | 'clientAddress' | 'method' | 'target' | 'offerNonce'
> {
  /** The certificate that the client has shown; null for none. */
  readonly peerCertificate: PresentedCertificate | null;
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly dpop?: string | string[] | undefined;
    readonly 'x-api-key'?: string | string[] | undefined;
  };
  caller: Caller | null;
}

/**
 * The caller of a request, at once when its token was checked a moment ago and the same for the whole request. Throws or rejects
 * with `access.unauthenticated`, `request.rate-limited` or `platform.unavailable`.
 */
export type CallerOf = (request: AskingRequest) => Caller | Promise<Caller>;

/**
 * Looks again at who asks, once the whole request is there. At once, and without a look, for one that came quickly. Throws or rejects with
 * `access.unauthenticated` when the credential is good no more, or for less than it was, and with `platform.unavailable`.
 */
export type AssertStillIn = (visit: AskingVisit) => void | Promise<void>;

export function createAssertStillIn({ authenticator, limiter, publicUrl, clock }: StillInOptions): AssertStillIn {
  return (visit) => {
    const { caller } = visit;
    if (caller === null || clock.monotonicMs() - visit.startedAtMs < limits.callerKnownMs) return;
    const identity = authenticator.identify(new VisitCredentials(visit, publicUrl, limiter));
    return identity instanceof Promise
      ? identity.then((now) => assertAsBefore(caller, now))
      : assertAsBefore(caller, identity);
  };
}

export interface StillInOptions extends Pick<CallerOfOptions, 'publicUrl'> {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  readonly limiter: Pick<Limiter, 'assertStranger'>;
  readonly clock: Clock;
}

/** What was allowed by rights that have fallen since is asked for anew, with those that are left. */
function assertAsBefore(caller: Caller, { status, scopes }: Identity): void {
  const isSame = status.roles?.narrowings === caller.status.roles?.narrowings;
  if (!isSame || [...caller.scopes].some((scope) => !scopes.has(scope)))
    throw new PlatformError('access.unauthenticated');
}

export function createCallerOf({ authenticator, limiter, publicUrl }: CallerOfOptions): CallerOf {
  const admit = (visit: AskingVisit, identity: Identity): Caller => {
    const caller = new RequestCaller(identity, visit);
    visit.caller = caller;
    limiter.admit(caller);
    return caller;
  };
  /** Whoever shows a token that is none counts as a stranger, and is told so when there are too many of them. */
  const refuse = (visit: AskingVisit, error: unknown): never => {
    if (error instanceof PlatformError && error.code === 'access.unauthenticated')
      limiter.admitStranger(networkOf(visit.clientAddress));
    throw error;
  };
  const judge = async (visit: AskingVisit, judging: Promise<Identity>): Promise<Identity> => {
    const identity = await judging.catch((error: unknown) => refuse(visit, error));
    await limiter.learn(identity.tenant.id);
    return identity;
  };
  return ({ visit }) => {
    if (visit.caller !== null) return visit.caller;
    const identity = identify(visit);
    return identity instanceof Promise
      ? judge(visit, identity).then((known) => admit(visit, known))
      : admit(visit, identity);
  };

  function identify(visit: AskingVisit): Identity | Promise<Identity> {
    try {
      return authenticator.authenticate(new VisitCredentials(visit, publicUrl, limiter));
    } catch (error) {
      return refuse(visit, error);
    }
  }
}

/** What is not asked for costs nothing: a bearer token needs the first field only. */
class VisitCredentials implements PresentedCredentials {
  readonly #visit: AskingVisit;
  readonly #publicUrl: string;
  readonly #limiter: Pick<Limiter, 'assertStranger'>;

  constructor(visit: AskingVisit, publicUrl: string, limiter: Pick<Limiter, 'assertStranger'>) {
    this.#visit = visit;
    this.#publicUrl = publicUrl;
    this.#limiter = limiter;
  }

  get authorization(): string | undefined {
    return this.#visit.headers.authorization;
  }

  get apiKey(): string | undefined {
    return oneOf(this.#visit.headers['x-api-key']);
  }

  get dpop(): string | undefined {
    return oneOf(this.#visit.headers.dpop);
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

  /** Whoever is known goes on, also from where strangers ask too much; and those cost no look at what they show. */
  beforeJudging(): void {
    this.#limiter.assertStranger(networkOf(this.#visit.clientAddress));
  }

  offerNonce(nonce: string): void {
    this.#visit.offerNonce(nonce);
  }
}

/** A field that came in several parts is one that no credential looks like. */
function oneOf(field: string | string[] | undefined): string | undefined {
  return Array.isArray(field) ? field.join(', ') : field;
}

class RequestCaller implements Caller {
  readonly principal: Principal;
  readonly actors: readonly Principal[];
  readonly tenant: Caller['tenant'];
  readonly scopes: ReadonlySet<string>;
  readonly boundTo: Caller['boundTo'];
  readonly status: Caller['status'];
  readonly access: Caller['access'];
  readonly requestId: RequestId;
  readonly expiresAtMs: number;
  readonly #visit: AskingVisit;

  constructor(identity: Identity, visit: AskingVisit) {
    this.principal = identity.principal;
    this.actors = identity.actors;
    this.tenant = identity.tenant;
    this.scopes = identity.scopes;
    this.boundTo = identity.boundTo;
    this.status = identity.status;
    this.access = identity.access;
    this.requestId = visit.requestId;
    this.expiresAtMs = identity.expiresAtMs;
    this.#visit = visit;
  }

  get signal(): AbortSignal {
    return this.#visit.signal;
  }
}
