import type { ByteBudget, HeldBytes } from '../../kernel/byte-budget.ts';
import type { Caller, CostAllocation, Principal } from '../../kernel/caller.ts';
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
import type { RequestContext } from './request-context.ts';

export interface CallerOfOptions {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly limiter: Pick<Limiter, 'admit' | 'admitUnauthenticated' | 'assertUnauthenticated' | 'learn'>;
  /** Counts the bytes of answers; absent: none are counted. */
  readonly budget?: ByteBudget;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end: proofs name addresses below it. */
  readonly publicUrl: string;
}

/** What is asked of a request to know its caller, whatever protocol it came by. */
export interface AskingRequest {
  readonly context: CredentialContext;
}

export interface CredentialContext extends Pick<
  RequestContext,
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
  /** No client waits for the answer any more, and what the request held has been given back. Absent: its surface asks for that itself. */
  readonly isOver?: boolean;
}

/**
 * The caller of a request, at once when its token was checked a moment ago and the same for the whole request. Throws or rejects
 * with `access.unauthenticated`, `request.rate-limited` or `platform.unavailable`, and with `request.canceled` when the client has gone meanwhile.
 */
export type CallerOf = (request: AskingRequest) => Caller | Promise<Caller>;

/**
 * Checks the caller's rights again once the whole request is there; a request that came quickly is not checked again. Throws or rejects with
 * `access.unauthenticated` when the credential is good no more, or for less than it was, and with `platform.unavailable`.
 */
export type AssertStillIn = (context: CredentialContext) => void | Promise<void>;

export function createAssertStillIn({ authenticator, limiter, publicUrl, clock }: StillInOptions): AssertStillIn {
  return (context) => {
    const { caller } = context;
    if (caller === null || clock.monotonicMs() - context.startedAtMs < limits.callerKnownMs) return;
    const identity = authenticator.identify(new RequestCredentials(context, publicUrl, limiter));
    return identity instanceof Promise
      ? identity.then((now) => assertAsBefore(caller, now))
      : assertAsBefore(caller, identity);
  };
}

export interface StillInOptions extends Pick<CallerOfOptions, 'publicUrl'> {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  readonly limiter: Pick<Limiter, 'assertUnauthenticated'>;
  readonly clock: Clock;
}

/** What was allowed by rights that have fallen since is asked for anew, with those that are left. */
function assertAsBefore(caller: Caller, { status, scopes }: Identity): void {
  const isSame = status.roles?.narrowings === caller.status.roles?.narrowings;
  if (!isSame || [...caller.scopes].some((scope) => !scopes.has(scope)))
    throw new PlatformError('access.unauthenticated');
}

export function createCallerOf({ authenticator, limiter, publicUrl, budget }: CallerOfOptions): CallerOf {
  const admit = (context: CredentialContext, identity: Identity): Caller => {
    // What it would count from now on were never given back.
    if (context.isOver === true) throw new PlatformError('request.canceled');
    const caller = new RequestCaller(identity, context, budget);
    context.caller = caller;
    limiter.admit(caller);
    return caller;
  };
  /** A client with an invalid token counts as unauthenticated, and gets 429 when its address has sent too many such requests. */
  const refuse = (context: CredentialContext, error: unknown): never => {
    if (error instanceof PlatformError && error.code === 'access.unauthenticated')
      limiter.admitUnauthenticated(networkOf(context.clientAddress));
    throw error;
  };
  const judge = async (context: CredentialContext, judging: Promise<Identity>): Promise<Identity> => {
    const identity = await judging.catch((error: unknown) => refuse(context, error));
    await limiter.learn(identity.tenant.id);
    return identity;
  };
  return ({ context }) => {
    if (context.caller !== null) return context.caller;
    const identity = identify(context);
    return identity instanceof Promise
      ? judge(context, identity).then((known) => admit(context, known))
      : admit(context, identity);
  };

  function identify(context: CredentialContext): Identity | Promise<Identity> {
    try {
      return authenticator.authenticate(new RequestCredentials(context, publicUrl, limiter));
    } catch (error) {
      return refuse(context, error);
    }
  }
}

/** Lazy, because a bearer token needs the first field only. */
class RequestCredentials implements PresentedCredentials {
  readonly #context: CredentialContext;
  readonly #publicUrl: string;
  readonly #limiter: Pick<Limiter, 'assertUnauthenticated'>;

  constructor(context: CredentialContext, publicUrl: string, limiter: Pick<Limiter, 'assertUnauthenticated'>) {
    this.#context = context;
    this.#publicUrl = publicUrl;
    this.#limiter = limiter;
  }

  get authorization(): string | undefined {
    return this.#context.headers.authorization;
  }

  get apiKey(): string | undefined {
    return oneOf(this.#context.headers['x-api-key']);
  }

  get dpop(): string | undefined {
    return oneOf(this.#context.headers.dpop);
  }

  get method(): string {
    return this.#context.method;
  }

  get url(): string {
    const { target } = this.#context;
    const pathEnd = target.indexOf('?');
    return this.#publicUrl + (pathEnd === -1 ? target : target.slice(0, pathEnd));
  }

  get certificate(): PresentedCertificate | null {
    return this.#context.peerCertificate;
  }

  /** A known token is served from an address with too many unauthenticated requests too; an unknown one is refused before it is checked. */
  beforeJudging(): void {
    this.#limiter.assertUnauthenticated(networkOf(this.#context.clientAddress));
  }

  offerNonce(nonce: string): void {
    this.#context.offerNonce(nonce);
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
  readonly allocation?: CostAllocation;
  readonly requestId: RequestId;
  readonly expiresAtMs: number;
  readonly held?: HeldBytes;
  readonly #context: CredentialContext;

  constructor(identity: Identity, context: CredentialContext, budget: ByteBudget | undefined) {
    this.principal = identity.principal;
    this.actors = identity.actors;
    this.tenant = identity.tenant;
    this.scopes = identity.scopes;
    if (identity.allocation !== undefined) this.allocation = identity.allocation;
    this.boundTo = identity.boundTo;
    this.status = identity.status;
    this.access = identity.access;
    this.requestId = context.requestId;
    this.expiresAtMs = identity.expiresAtMs;
    if (budget !== undefined)
      this.held = budget.open({ tenantId: identity.tenant.id, partyId: identity.principal.id, kind: 'callers' });
    this.#context = context;
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }
}
