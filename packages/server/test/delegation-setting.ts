import assert from 'node:assert/strict';
import { forwardTokenReader, forwardTokenSigner, KeyVault } from '../src/adapters/keys/index.ts';
import { makeStoredSigningKey, openSigningKey, signerOf } from '../src/adapters/keys/signing-key.ts';
import { oneIssuer } from '../src/modules/access/index.ts';
import type { UpstreamCall } from '../src/modules/gateway/index.ts';

export const issuer = 'https://colloquy.example';
const vault = new KeyVault(Buffer.alloc(32, 7));

/** A key of the platform that this process can sign with. */
export async function newKey() {
  const opened = await openSigningKey(await makeStoredSigningKey(vault), vault);
  return { ...opened, ...(signerOf(opened) ?? assert.fail('It can not sign.')) };
}

/** A token that was signed in this process. */
export function atOnce(token: string | Promise<string>): string {
  return typeof token === 'string' ? token : assert.fail('It was signed later.');
}

/** The key that all processes of a test share, as they share a database. */
export const key = await newKey();

export const readForwardToken = forwardTokenReader(oneIssuer(issuer), {
  find: (kid) => Promise.resolve(kid === key.kid ? key : null),
});

/** What an agent is sent with a call; `over` tells lies. */
export function tokenOf(
  call: UpstreamCall,
  over: { issuer?: string; audience?: string; tenantSlug?: string } = {},
): string {
  const { route, instance, subject, taskId, chain } = call;
  const claims = {
    audience: over.audience ?? instance.url,
    subject,
    tenantSlug: over.tenantSlug ?? route.tenantSlug,
    taskIds: [taskId],
    chain,
    nowMs: Date.now(),
  };
  return atOnce(forwardTokenSigner(over.issuer ?? issuer, { current: key })(claims));
}
