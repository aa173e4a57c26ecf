import { randomUUID, sign as signBytes, constants } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { makeServerKey } from './server-keys.ts';
import type { ServerKey, TokenAlgorithm } from './server-keys.ts';

/** What an authorization server does instead of answering honestly. */
export interface ServerConduct {
  /** Handles a request and says so; what it leaves is answered honestly. */
  (request: IncomingMessage, response: ServerResponse): boolean;
}

/** A second, real authorization server on this machine, with keys of its own. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly issuer: string;
  /** The keys that it publishes, one for each algorithm. */
  readonly keys: ReadonlyMap<TokenAlgorithm, ServerKey>;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** An access token as the server issues it to one of its clients (RFC 6749 section 4.4, RFC 9068, RFC 8707). */
  requestToken(request: {
    readonly algorithm: TokenAlgorithm;
    readonly audience: string;
    readonly scope: string;
  }): Promise<string>;
  /** New keys instead of the old ones. */
  rotate(): void;
  /** From now on; null: honest again. */
  behave(conduct: ServerConduct | null): void;
}

const secret = 'a-secret-of-the-second-server';
const algorithms: readonly TokenAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Scopes that the server knows. They are not those of the platform. */
export const serverScopes = ['agents.call', 'agents.read', 'agents.run'] as const;

/** Starts a server on a free port of this machine. */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const requests: string[] = [];
  let conduct: ServerConduct | null = null;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (conduct?.(request, response) === true) return;
    handle(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${String(portOf(server))}`;
  let keys = new Map<TokenAlgorithm, ServerKey>();
  const rotate = (): void => {
    keys = new Map(algorithms.map((algorithm) => [algorithm, makeServerKey(algorithm)]));
    const provide = providerAt(issuer, keys).callback();
    handle = (request, response) => void provide(request, response);
  };
  rotate();
  return {
    issuer,
    get keys() {
      return keys;
    },
    requests,
    requestToken: (request) => requestToken(issuer, request),
    rotate,
    behave(next) {
      conduct = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A compact JWS (RFC 7515 section 7.1) over any header and claims, really signed. A text stands for itself. */
export function signToken(header: unknown, claims: unknown, { algorithm, privateKey }: ServerKey): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const bytes = Buffer.from(signed);
  switch (algorithm) {
    case 'RS256':
      return `${signed}.${signBytes('sha256', bytes, privateKey).toString('base64url')}`;
    case 'PS256': {
      const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      return `${signed}.${signBytes('sha256', bytes, key).toString('base64url')}`;
    }
    case 'ES256':
      return `${signed}.${signBytes('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    case 'EdDSA':
      return `${signed}.${signBytes(null, bytes, privateKey).toString('base64url')}`;
  }
}

/** Header and claims of an access token that a server could have issued at this moment (RFC 9068). */
export function tokenParts(
  { issuer, keys }: Pick<AuthorizationServer, 'issuer' | 'keys'>,
  { algorithm, audience, scope, subject, nowMs }: TokenRequest,
): { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown>; readonly key: ServerKey } {
  const key = keys.get(algorithm);
  if (key === undefined) throw new TypeError(`The server has no key for ${algorithm}.`);
  const iat = Math.floor(nowMs / 1000);
  const times = { iat, exp: iat + 300 };
  return {
    header: { alg: algorithm, typ: 'at+jwt', kid: key.kid },
    claims: { iss: issuer, aud: audience, sub: subject, client_id: subject, jti: randomUUID(), scope, ...times },
    key,
  };
}

/** What a token made by hand says. */
export interface TokenRequest {
  readonly algorithm: TokenAlgorithm;
  readonly audience: string;
  readonly scope: string;
  readonly subject: string;
  readonly nowMs: number;
}

function encoded(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.');
  return address.port;
}

/** One client for each algorithm: the resource server decides what its tokens are signed with. */
function providerAt(issuer: string, keys: ReadonlyMap<TokenAlgorithm, ServerKey>): Provider {
  const off = { enabled: false };
  return new Provider(issuer, {
    jwks: { keys: Array.from(keys.values(), ({ privateJwk }) => privateJwk) },
    scopes: [...serverScopes],
    ttl: { ClientCredentials: 300 },
    responseTypes: [],
    clients: algorithms.map((algorithm) => ({
      client_id: algorithm,
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: serverScopes.join(' '),
    })),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string, client: { readonly clientId: string }) => ({
          scope: serverScopes.join(' '),
          audience: resource,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: client.clientId, kid: keys.get(algorithmOf(client.clientId))?.kid } },
        }),
      },
    },
  });
}

function algorithmOf(clientId: string): TokenAlgorithm {
  return algorithms.find((algorithm) => algorithm === clientId) ?? 'RS256';
}

async function requestToken(
  issuer: string,
  request: { readonly algorithm: TokenAlgorithm; readonly audience: string; readonly scope: string },
): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${request.algorithm}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: request.scope, resource: request.audience }),
  });
  const body: unknown = await answer.json();
  const token = typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : undefined;
  if (typeof token !== 'string') throw new Error(`The second server gave no token: ${JSON.stringify(body)}`);
  return token;
}
