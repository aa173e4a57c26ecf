/** Guarantee: an agent can verify with standard tools that a call came from this platform, for it, and a moment ago. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { limits } from '../../kernel/limits.ts';
import { signEs256 } from './es256.ts';
import { forwardTokenSigner } from './forward-token.ts';
import type { ForwardTokenInput } from './forward-token.ts';
import { KeyVault } from './key-vault.ts';
import { makeStoredSigningKey, openSigningKey, signerOf } from './signing-key.ts';

const vault = new KeyVault(Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7 + 1)));
async function newKey() {
  const opened = await openSigningKey(await makeStoredSigningKey(vault), vault);
  return signerOf(opened) ?? assert.fail('It can not sign.');
}
const input = {
  audience: 'https://agent.example/a2a',
  subject: 'cli_1',
  tenantSlug: 'acme',
  taskIds: ['tsk_1', 'tsk_2'],
  nowMs: 1_800_000_000_999,
} as const satisfies ForwardTokenInput;

describe('forward tokens', () => {
  it('verify against the published key and name principal, agent, tenant, tasks and expiry', async () => {
    const current = await newKey();
    const token = await forwardTokenSigner('https://colloquy.example', { current })(input);
    const key = await importJWK({ ...current.publicJwk }, 'ES256');
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      issuer: 'https://colloquy.example',
      audience: input.audience,
      typ: 'JWT',
      currentDate: new Date(input.nowMs),
    });
    assert.deepEqual(protectedHeader, { alg: 'ES256', typ: 'JWT', kid: current.kid });
    assert.deepEqual(payload, {
      iss: 'https://colloquy.example',
      aud: input.audience,
      sub: 'cli_1',
      tenant: 'acme',
      tasks: ['tsk_1', 'tsk_2'],
      iat: 1_800_000_000,
      exp: 1_800_000_000 + limits.forwardTokenMs / 1000,
    });
  });

  it('are signed with the newest key as soon as there is one', async () => {
    const ring = { current: await newKey() };
    const sign = forwardTokenSigner('https://colloquy.example', ring);
    assert.equal(decodeProtectedHeader(await sign(input)).kid, ring.current.kid);
    ring.current = await newKey();
    assert.equal(decodeProtectedHeader(await sign(input)).kid, ring.current.kid);
  });

  it('carry a valid signature for every length that its two numbers can have', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let i = 0; i < 3_000; i += 1) {
      const signature = Buffer.from(signEs256(`text ${i}`, privateKey), 'base64url');
      assert.equal(signature.length, 64);
      assert.ok(
        verify('sha256', Buffer.from(`text ${i}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
        `text ${i}`,
      );
    }
  });

  it('stored keys open only where they belong', async () => {
    const [one, two] = [await makeStoredSigningKey(vault), await makeStoredSigningKey(vault)];
    await assert.rejects(openSigningKey({ ...one, privateJwkSealed: two.privateJwkSealed }, vault), {
      code: 'secret.unreadable',
    });
    const swapped = await openSigningKey({ ...one, publicJwk: two.publicJwk }, vault);
    assert.equal(swapped.publicJwk.kid, one.kid, 'a public key put into the database is not trusted');
  });
});
