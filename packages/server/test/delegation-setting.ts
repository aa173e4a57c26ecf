import { forwardTokenReader, forwardTokenSigner, KeyVault } from '../src/adapters/keys/index.ts';
import { makeStoredSigningKey, openSigningKey } from '../src/adapters/keys/signing-key.ts';
import type { UpstreamCall } from '../src/modules/gateway/index.ts';

export const issuer = 'https://colloquy.example';
const vault = new KeyVault(Buffer.alloc(32, 7));

export const newKey = async () => openSigningKey(await makeStoredSigningKey(vault), vault);

/** The key that all processes of a test share, as they share a database. */
export const key = await newKey();

export const readForwardToken = forwardTokenReader(issuer, {
  find: (kid) => Promise.resolve(kid === key.kid ? key : null),
});

/** What an agent is sent with a call; `over` tells lies. */
export function tokenOf(
  call: UpstreamCall,
  over: { issuer?: string; audience?: string; tenantSlug?: string } = {},
): string {
  const { route, instance, subject, taskId, chain } = call;
  return forwardTokenSigner(over.issuer ?? issuer, { current: key })({
    audience: over.audience ?? instance.url,
    subject,
    tenantSlug: over.tenantSlug ?? route.tenantSlug,
    taskIds: [taskId],
    chain,
    nowMs: Date.now(),
  });
}
