import type { KeyObject } from 'node:crypto';
import { connectA2a } from './a2a-connection.ts';
import { createAdminClient } from './admin-client.ts';
import type { AdminClient } from './admin-client.ts';
import { agentClient } from './agent-client.ts';
import type { AgentClient } from './agent-client.ts';
import { createAuthorizedCall } from './authorized-call.ts';
import type { AuthorizedCall } from './authorized-call.ts';
import { realBackoff, withRetries } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { createHttpCall } from './http-call.ts';
import type { Fetch, HttpCall } from './http-call.ts';
import { createProvenCall } from './proof-key.ts';
import type { ProvenCall } from './proof-key.ts';
import { createTokenSource, fixedToken, requestToken } from './token-source.ts';
import type { ClientCredentials, IssuedToken, KeyCredentials, TokenSourceOptions } from './token-source.ts';

/** The platform's address and the caller's credentials: a client with its secret or its key, or a token obtained elsewhere. */
export type CreateClientOptions = ClientSurroundings &
  (
    | (ClientCredentials & { readonly token?: undefined; readonly privateKey?: undefined })
    | (KeyCredentials & { readonly token?: undefined })
    | ({ readonly token: string } & { [K in keyof ClientCredentials | keyof KeyCredentials]?: undefined })
  );

/** Options of a client, besides its credentials. */
export interface ClientSurroundings {
  /** The platform's address, for example `https://colloquy.example`. */
  readonly baseUrl: string;
  /** The tenant's part of public addresses. */
  readonly tenant: string;
  /** Binds tokens to this private key, P-256 or Ed25519, and proves with every call to hold it (DPoP, RFC 9449). */
  readonly proofKey?: KeyObject;
  /** The authorization server's name, when it is another than `baseUrl`. */
  readonly issuer?: string;
  /** Used instead of the global `fetch`. */
  readonly fetch?: Fetch;
  /** Pauses and randomness between attempts; for tests. */
  readonly backoff?: Backoff;
  /** Wall time; for tests. */
  readonly nowMs?: () => number;
}

/** A caller of the platform. */
export interface ColloquyClient {
  /** The client of one agent of the tenant. Nothing is sent yet. */
  agent(name: string): AgentClient;
  /** The tenant's router. It sends each message to the agent and skill that fit best; later messages of a task go to the same agent. */
  router(): AgentClient;
  readonly admin: AdminClient;
  /** The access token in use, for calls that this client does not make. */
  token(): Promise<string>;
  /** Requests a new token and resolves with its scopes and lifetime; needs a client id with a secret or a key. */
  issueToken(): Promise<IssuedToken>;
}

/** Builds a client. Nothing is sent yet; the first call obtains a token. */
export function createClient(options: CreateClientOptions): ColloquyClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const call = createHttpCall(options.fetch ?? fetch);
  const backoff = options.backoff ?? realBackoff;
  const { proofKey, nowMs = Date.now } = options;
  // The token endpoint and the resources each have their own nonces.
  const [provenRequest, provenCall] = [0, 1].map(() =>
    proofKey === undefined ? undefined : createProvenCall(proofKey, nowMs),
  );
  const source = tokenSourceOptions(options, call, baseUrl, provenRequest);
  const tokens = source === undefined ? fixedToken(options.token ?? '') : createTokenSource(source);
  const authorized = createAuthorizedCall(call, tokens, provenCall);
  const at = (place: string): AgentClient => {
    const address = `${baseUrl}/t/${encodeURIComponent(options.tenant)}/${place}`;
    return agentClient({ connection: connectA2a(authorized, address), backoff });
  };
  return {
    agent: (name) => at(`agents/${encodeURIComponent(name)}`),
    router: () => at('router'),
    admin: createAdminClient({ authorized, baseUrl, backoff }, options.tenant),
    token: () => withRetries(() => tokens.get(), backoff, undefined),
    issueToken: () => {
      if (source === undefined) return Promise.reject(new TypeError('A client with a fixed token issues none.'));
      return withRetries(() => requestToken(source), backoff, undefined);
    },
  };
}

/** Builds a client that calls an agent directly, without the platform, to try it out. */
export function createAgentClient(options: {
  /** The A2A address on the agent's card. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  readonly fetch?: Fetch;
  readonly backoff?: Backoff;
}): AgentClient {
  const call = createHttpCall(options.fetch ?? fetch);
  const authorized: AuthorizedCall =
    options.token === undefined ? call : createAuthorizedCall(call, fixedToken(options.token));
  return agentClient({ connection: connectA2a(authorized, options.url), backoff: options.backoff ?? realBackoff });
}

function tokenSourceOptions(
  options: CreateClientOptions,
  call: HttpCall,
  baseUrl: string,
  provenCall: ProvenCall | undefined,
): TokenSourceOptions | undefined {
  if (options.token !== undefined) return undefined;
  const { issuer = baseUrl, nowMs = Date.now } = options;
  return { call, tokenUrl: `${baseUrl}/oauth/token`, issuer, credentials: options, provenCall, nowMs };
}
