import type { KeyObject } from 'node:crypto';
import { assertionParameters } from './client-assertion.ts';
import { clientLimits } from './client-limits.ts';
import { ColloquyError } from './colloquy-error.ts';
import { invalidAnswer, readAnswerJson } from './http-answer.ts';
import type { HttpCall } from './http-call.ts';
import type { ProvenCall } from './proof-key.ts';

/** A source of access tokens. */
export interface TokenSource {
  /** A token that stays valid for at least a short time. */
  get(signal?: AbortSignal): Promise<string>;
  /** Reports that the platform refused this token, so that the next `get` requests another. */
  refused(token: string): void;
}

/** An access token and its lifetime. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** The scopes that were granted. */
  readonly scope?: string | undefined;
}

/** A program's credentials at the token endpoint (RFC 6749 section 4.4). */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes to ask for, separated by spaces; absent asks for all the client may have. */
  readonly scope?: string | undefined;
}

/** As {@link ClientCredentials}, for a client that is registered with a public key (RFC 7523). */
export interface KeyCredentials {
  readonly clientId: string;
  /** Private: P-256, Ed25519 or RSA. */
  readonly privateKey: KeyObject;
  /** `kid` of the key, where several are registered. */
  readonly keyId?: string | undefined;
  readonly scope?: string | undefined;
  readonly clientSecret?: undefined;
}

/** A token that the caller obtained elsewhere. When the platform refuses it, there is no other. */
export function fixedToken(token: string): TokenSource {
  return { get: () => Promise.resolve(token), refused: () => undefined };
}

/** The parts of a token source. */
export interface TokenSourceOptions {
  readonly call: HttpCall;
  readonly tokenUrl: string;
  /** The authorization server's name, the audience of assertions. */
  readonly issuer: string;
  readonly credentials: ClientCredentials | KeyCredentials;
  /** Binds tokens to a key; absent for bearer tokens. */
  readonly provenCall?: ProvenCall | undefined;
  readonly nowMs: () => number;
}

/** Obtains tokens with client_credentials, keeps each until shortly before its end, and makes one request for all calls that wait. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  let kept: { readonly token: string; readonly renewAtMs: number } | undefined;
  let pending: Promise<string> | undefined;
  const fetchToken = async (): Promise<string> => {
    const askedAtMs = options.nowMs();
    const issued = await requestToken(options);
    const lifeMs = issued.expiresInSeconds * 1_000;
    const renewBeforeMs = Math.min(clientLimits.tokenRenewBeforeMs, lifeMs / 2);
    kept = { token: issued.accessToken, renewAtMs: askedAtMs + lifeMs - renewBeforeMs };
    return issued.accessToken;
  };
  return {
    get: (signal) => {
      if (kept !== undefined && options.nowMs() < kept.renewAtMs) return Promise.resolve(kept.token);
      pending ??= fetchToken().finally(() => {
        pending = undefined;
      });
      return abandonable(pending, signal);
    },
    refused: (token) => {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/** Requests a new token in one attempt; the caller decides about retries. */
export async function requestToken(options: TokenSourceOptions): Promise<IssuedToken> {
  const { call, tokenUrl, credentials, provenCall } = options;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  if (credentials.scope !== undefined) body.set('scope', credentials.scope);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (credentials.clientSecret !== undefined) headers['authorization'] = basicAuthorization(credentials);
  const signal = AbortSignal.timeout(clientLimits.tokenMs);
  const send: HttpCall = async (url, init) => {
    // Each attempt needs a new assertion.
    const proof = credentials.clientSecret === undefined ? await assertionOf(credentials, options) : {};
    for (const [name, value] of Object.entries(proof)) body.set(name, value);
    return call(url, { ...init, body });
  };
  const init = { method: 'POST', headers, signal };
  const response = await (provenCall === undefined
    ? send(tokenUrl, init)
    : provenCall(tokenUrl, init, undefined, send));
  const answer = await readAnswerJson(response);
  if (!response.ok) throw tokenRefusal(response.status, answer);
  const { access_token: accessToken, expires_in: expiresInSeconds, scope } = membersOf(answer);
  if (typeof accessToken !== 'string' || typeof expiresInSeconds !== 'number')
    throw invalidAnswer('the token endpoint must answer access_token and expires_in');
  return { accessToken, expiresInSeconds, scope: typeof scope === 'string' ? scope : undefined };
}

function assertionOf(
  { privateKey, clientId, keyId }: KeyCredentials,
  { issuer, nowMs }: TokenSourceOptions,
): Promise<Readonly<Record<string, string>>> {
  return assertionParameters(privateKey, { clientId, issuer, keyId, nowMs: nowMs() });
}

function membersOf(answer: unknown): Readonly<Record<string, unknown>> {
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

/** Maps the error names of RFC 6749 section 5.2; a wrong id or secret is `invalid_client`. */
function tokenRefusal(status: number, answer: unknown): ColloquyError {
  const retry = status >= 500 || status === 429 ? ({ kind: 'after', retryAfterMs: 1_000 } as const) : undefined;
  if (retry !== undefined) {
    const message = `The token endpoint answered ${status}.`;
    return new ColloquyError({ code: 'platform.unavailable', kind: 'unavailable', message, retry });
  }
  const { error, error_description: description } = membersOf(answer);
  if (typeof error !== 'string') throw invalidAnswer('a refusal of the token endpoint must name its error');
  const advice = typeof description === 'string' ? description : 'check the client id and secret';
  return new ColloquyError({
    code: 'access.unauthenticated',
    kind: 'unauthenticated',
    message: `No token was issued (${error}): ${advice}.`,
    retry: { kind: 'never' },
    details: { oauthError: error },
  });
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basicAuthorization({ clientId, clientSecret }: ClientCredentials): string {
  const encode = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}

/** Waits for the shared promise, but rejects early when this caller's signal aborts. */
function abandonable<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared;
  return new Promise((resolve, reject) => {
    // Rejects with the caller's own abort reason, as fetch does.
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the caller chose the reason
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
