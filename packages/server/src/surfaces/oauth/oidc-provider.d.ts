/** The part of oidc-provider 9 that this platform uses; the package publishes no types. */
declare module 'oidc-provider' {
  import type { KeyObject } from 'node:crypto';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** What the provider keeps of a client: its metadata in camel case, ours as they are. */
  export interface ProviderClient {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly scope: string;
    readonly [metadata: string]: unknown;
  }

  export interface ProviderContext {
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    /** For the application's own use during one request. */
    readonly state: Record<string, unknown>;
    readonly oidc: {
      readonly client?: ProviderClient;
      readonly account?: { readonly accountId: string };
      readonly session?: { readonly accountId?: string };
      readonly entities: { readonly RotatedRefreshToken?: { readonly remainingTTL: number } };
      /** Parameters of the request; a handler may fill in what is missing. */
      readonly params: Record<string, unknown> & {
        scope?: string;
        resource?: string | readonly string[];
        token?: unknown;
      };
      /** Name of the endpoint: `token`, `introspection`, `revocation` … */
      readonly route: string;
    };
    body: unknown;
    type: string;
    set(name: string, value: string): void;
    remove(name: string): void;
  }

  export interface ProviderToken {
    readonly client?: ProviderClient;
    readonly clientId: string;
    readonly kind: string;
    readonly grantId?: string;
    readonly accountId?: string;
    readonly extra?: Readonly<Record<string, unknown>>;
  }

  /** Storage of one model. `find` resolves undefined for what is not there. */
  export interface ProviderAdapter {
    upsert(id: string, payload: Record<string, unknown>, expiresInSeconds: number | undefined): Promise<void>;
    find(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
    findByUid(uid: string): Promise<Readonly<Record<string, unknown>> | undefined>;
    findByUserCode(userCode: string): Promise<undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  /** What a person was asked in the middle of an authorization. */
  export interface Interaction {
    readonly uid: string;
    readonly exp: number;
    readonly params: Readonly<Record<string, unknown>>;
    readonly prompt: {
      readonly name: string;
      readonly details: {
        readonly missingOIDCScope?: readonly string[];
        readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
      };
    };
    readonly grantId?: string;
    /** Who is signed in. */
    session: { readonly accountId: string; readonly cookie?: string } | undefined;
    save(lifeSeconds: number): Promise<string>;
  }

  export interface ProviderSession {
    readonly jti: string;
    readonly accountId?: string;
    /** By client id. */
    readonly authorizations?: Readonly<Record<string, { readonly grantId?: string }>>;
    destroy(): Promise<void>;
  }

  export interface ProviderGrant {
    rejectOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    rejectResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  type GrantHandler = (context: ProviderContext) => Promise<void>;
  type Middleware = (context: ProviderContext, next: () => Promise<void>) => Promise<void>;

  export class Provider {
    /** The context of the request that is being handled. */
    static readonly ctx: ProviderContext | undefined;
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    readonly Client: { readonly prototype: { compareClientSecret: (this: ProviderClient, actual: string) => boolean } };
    /** Believe X-Forwarded-Host and X-Forwarded-Proto. */
    proxy: boolean;
    readonly Session: {
      readonly adapter: ProviderAdapter;
      get(exchange: { readonly req: IncomingMessage; readonly res: ServerResponse }): Promise<ProviderSession>;
    };
    readonly Grant: {
      new (fields: { readonly accountId: string; readonly clientId: string }): ProviderGrant;
      find(id: string): Promise<ProviderGrant | undefined>;
    };
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
      options: { readonly mergeWithLastSubmission: boolean },
    ): Promise<void>;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    use(middleware: Middleware): this;
    registerGrantType(
      name: string,
      handler: GrantHandler,
      parameters?: Iterable<string>,
      repeatable?: Iterable<string>,
    ): void;
    on(
      event: 'grant.error' | 'introspection.error' | 'revocation.error' | 'authorization.error' | 'server_error',
      listener: (context: ProviderContext, error: Error) => void,
    ): this;
    on(event: 'error', listener: (error: Error, context?: ProviderContext) => void): this;
  }

  /** A signing key whose private half the provider does not have. */
  export class ExternalSigningKey {
    kid: string;
    alg: string;
    /** The public half. */
    keyObject(): KeyObject;
    sign(data: Uint8Array): Promise<Uint8Array>;
  }

  export namespace interactionPolicy {
    export class Check {
      readonly reason: string;
      constructor(reason: string, description: string, check: (context: ProviderContext) => boolean);
    }
    interface Prompt {
      readonly checks: { add(check: Check): void };
    }
    export function base(): object[] & { get(name: string): Prompt | undefined };
  }

  export namespace errors {
    export class SessionNotFound extends OIDCProviderError {
      constructor(description: string);
    }
    export class OIDCProviderError extends Error {
      constructor(status: number, message: string, options?: { readonly cause?: unknown });
      readonly error: string;
      readonly statusCode: number;
      /** Whether the name of the error may be shown. */
      expose: boolean;
    }
    /** The detail is for the log. */
    export class InvalidClientAuth extends OIDCProviderError {
      constructor(detail: string);
    }
    export class InvalidDpopProof extends OIDCProviderError {
      constructor(description: string);
    }
    export class InvalidScope extends OIDCProviderError {
      constructor(description: string, scope: string);
    }
    export class InvalidRequest extends OIDCProviderError {
      constructor(description: string);
    }
    export class InvalidGrant extends OIDCProviderError {
      constructor(description: string);
    }
    export class InvalidTarget extends OIDCProviderError {
      constructor(description?: string);
    }
  }
}
