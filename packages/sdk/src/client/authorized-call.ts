import { ColloquyError } from './colloquy-error.ts';
import type { HttpCall } from './http-call.ts';
import type { ProvenCall } from './proof-key.ts';
import type { TokenSource } from './token-source.ts';

/** A request whose headers can be added to. */
export interface AuthorizedInit extends Omit<RequestInit, 'headers'> {
  readonly headers: Readonly<Record<string, string>>;
}

/** As {@link HttpCall}, with an access token; a refused token is replaced once. */
export type AuthorizedCall = (url: string, init: AuthorizedInit) => Promise<Response>;

/** Adds a token from `tokens` to every call, and a proof of its key where it is bound to one. */
export function createAuthorizedCall(call: HttpCall, tokens: TokenSource, provenCall?: ProvenCall): AuthorizedCall {
  const withToken = (token: string, url: string, init: AuthorizedInit): Promise<Response> => {
    const scheme = provenCall === undefined ? 'Bearer' : 'DPoP';
    const sent = { ...init, headers: { ...init.headers, authorization: `${scheme} ${token}` } };
    return provenCall === undefined ? call(url, sent) : provenCall(url, sent, token, call);
  };
  return async (url, init) => {
    const signal = init.signal ?? undefined;
    const token = await tokens.get(signal);
    const response = await withToken(token, url, init);
    if (response.status !== 401) return response;
    tokens.refused(token);
    const another = await tokens.get(signal).catch((error: unknown) => {
      if (error instanceof ColloquyError && error.kind === 'unauthenticated') return token;
      throw error;
    });
    if (another === token) return response;
    await response.body?.cancel();
    return withToken(another, url, init);
  };
}
