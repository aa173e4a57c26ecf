import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { HttpCall } from './http-call.ts';

/** A request whose headers can be added to. */
interface ProvenInit extends Omit<RequestInit, 'headers'> {
  readonly headers: Readonly<Record<string, string>>;
}

/** A call with a proof (RFC 9449). A server that asks for a nonce is given it, once, with the same request. */
export type ProvenCall = (
  url: string,
  init: ProvenInit,
  token: string | undefined,
  call: HttpCall,
) => Promise<Response>;

/** Adds a proof of possession of the private `key` (P-256 or Ed25519) to calls with a token, and without one to calls of the token endpoint. */
export function createProvenCall(key: KeyObject, nowMs: () => number): ProvenCall {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  const alg = kty === 'EC' ? 'ES256' : 'EdDSA';
  const jwk = { kty: kty ?? '', crv: crv ?? '', x: x ?? '', ...(y === undefined ? {} : { y }) };
  let nonce: string | undefined;
  const prove = (method: string, url: string, token: string | undefined): Promise<string> =>
    new SignJWT({
      jti: randomUUID(),
      htm: method,
      htu: withoutQuery(url),
      iat: Math.floor(nowMs() / 1_000),
      ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
      ...(nonce === undefined ? {} : { nonce }),
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk })
      .sign(key);
  const send: ProvenCall = async (url, init, token, call) => {
    const dpop = await prove(init.method ?? 'GET', url, token);
    const response = await call(url, { ...init, headers: { ...init.headers, dpop } });
    nonce = response.headers.get('dpop-nonce') ?? nonce;
    return response;
  };
  return async (url, init, token, call) => {
    const response = await send(url, init, token, call);
    if (!(await asksForNonce(response))) return response;
    await response.body?.cancel();
    return send(url, init, token, call);
  };
}

/** A resource asks by a header field (RFC 9449 section 9), the token endpoint by the body (section 8). */
async function asksForNonce(response: Response): Promise<boolean> {
  if (!response.headers.has('dpop-nonce')) return false;
  if (response.status === 401) return /\buse_dpop_nonce\b/.test(response.headers.get('www-authenticate') ?? '');
  return response.status === 400 && /\buse_dpop_nonce\b/.test(await response.clone().text());
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
