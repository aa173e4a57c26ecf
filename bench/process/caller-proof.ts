import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createTestAuthority } from '@colloquy/testkit';
import { Agent, setGlobalDispatcher } from 'undici';
import { createProofWriter } from '../load/proof-writer.ts';
import type { LoadOrder } from '../load/measurement.ts';
import { UnexpectedAnswer } from './admin-api.ts';
import type { ClientCredentials } from './admin-api.ts';
import type { PlatformEnv } from './platform.ts';
import type { WorkFolder } from './work-folder.ts';

/** What callers prove beside the token that they bear: nothing, the key of DPoP proofs, or the certificate of their connection. */
export type CallerProof = 'bearer' | 'dpop' | 'mtls';

/** PEM texts of a caller that has a certificate. */
export type CallerTls = NonNullable<LoadOrder['tls']>;

/** What a platform needs to ask its callers for certificates, and a caller that has one: from now on every call of this process, too. */
export async function prepareTls(
  folder: WorkFolder,
): Promise<{ readonly env: PlatformEnv; readonly caller: CallerTls }> {
  const authority = await createTestAuthority();
  const [listener, client] = [await authority.issue(), await authority.issue({ commonName: 'load' })];
  const [certFile, keyFile] = [folder.file('listener.pem'), folder.file('listener.key')];
  writeFileSync(certFile, listener.certificate);
  writeFileSync(keyFile, listener.key);
  const caller = { ca: authority.certificate, cert: client.certificate, key: client.key };
  setGlobalDispatcher(new Agent({ connect: caller }));
  return {
    env: {
      COLLOQUY_HTTP_TLS_CERT_FILE: certFile,
      COLLOQUY_HTTP_TLS_KEY_FILE: keyFile,
      COLLOQUY_TLS_CLIENT_CERTIFICATES: 'ask',
    },
    caller,
  };
}

/** A token that is bound to a new key, and how requests to `path` prove to hold it (RFC 9449 section 5). */
export async function provenTarget(
  url: string,
  client: ClientCredentials,
  path: string,
): Promise<LoadOrder['targets'][number]> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const ask = (nonce: string | null): Promise<Response> => {
    const head = { typ: 'dpop+jwt', alg: 'ES256', jwk };
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      jti: randomUUID(),
      htm: 'POST',
      htu: `${url}/oauth/token`,
      iat,
      ...(nonce === null ? {} : { nonce }),
    };
    const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const dpop = `${signed}.${signature.toString('base64url')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    return fetch(`${url}/oauth/token`, { method: 'POST', headers: { ...headersOf(client), dpop }, body });
  };
  const answer = await ask((await ask(null)).headers.get('dpop-nonce'));
  const token = tokenIn(answer.status, await answer.text());
  const options = { privateJwk: privateKey.export({ format: 'jwk' }), url: url + path };
  const dpop = createProofWriter({ ...options, nonce: '' }, token).next();
  const refused = await fetch(url + path, { method: 'POST', headers: { authorization: `DPoP ${token}`, dpop } });
  return { path, token, proof: { ...options, nonce: refused.headers.get('dpop-nonce') ?? '' } };
}

function headersOf({ clientId, clientSecret }: ClientCredentials): Record<string, string> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
}

function tokenIn(status: number, body: string): string {
  if (status !== 200) throw new UnexpectedAnswer('POST', '/oauth/token', status, body);
  return (JSON.parse(body) as { access_token: string }).access_token;
}
