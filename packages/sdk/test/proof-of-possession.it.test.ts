/** Guarantee: a client that signs instead of showing a secret, and whose tokens are bound to its key, works like any other. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import type { JsonObject } from '@colloquy/protocol';
import { createClient } from '@colloquy/sdk/client';

describe('a client that proves to hold a key', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let clientId: string;
  const signer = generateKeyPairSync('ed25519');
  const proofKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const jwkOf = (key: KeyObject): JsonObject => ({ ...key.export({ format: 'jwk' }) }) as JsonObject;

  before(async () => {
    platform = await startTestPlatform();
    tenant = await platform.createTenant('acme');
    ({ clientId } = await tenant.client.admin.createClient({
      body: {
        name: 'signer',
        scopes: ['a2a:read', 'clients:write'],
        authentication: { method: 'private_key_jwt', jwks: { keys: [jwkOf(signer.publicKey)] } },
        tokenBinding: 'dpop',
      },
    }));
  });
  after(() => platform[Symbol.asyncDispose]());

  const surroundings = () => ({ baseUrl: platform.url, tenant: 'acme', clientId, privateKey: signer.privateKey });

  it('obtains a token and calls with it, more than once', async () => {
    const client = createClient({ ...surroundings(), proofKey });
    for (let call = 0; call < 3; call += 1) assert.deepEqual((await client.admin.listAgents()).items, []);
    const listed = (await client.admin.listClients()).items.find((one) => one.clientId === clientId);
    assert.deepEqual([listed?.authentication, listed?.tokenBinding], ['private_key_jwt', 'dpop']);
    const token = await client.token();
    const stolen = createClient({ baseUrl: platform.url, tenant: 'acme', token });
    await assert.rejects(stolen.admin.listAgents(), { code: 'access.unauthenticated' });
    const thief = generateKeyPairSync('ed25519').privateKey;
    const forged = createClient({ baseUrl: platform.url, tenant: 'acme', token, proofKey: thief });
    await assert.rejects(forged.admin.listAgents(), { code: 'access.proof-invalid' });
    assert.deepEqual((await client.admin.listAgents()).items, [], 'and its own calls go on');
  });

  it('obtains nothing without the key that its tokens must be bound to', async () => {
    await assert.rejects(createClient(surroundings()).admin.listAgents(), { code: 'access.unauthenticated' });
  });

  it('changes the secret of another without a pause', async () => {
    const { admin } = createClient({ ...surroundings(), proofKey });
    const made = await admin.createClient({ body: { name: 'rotated', scopes: ['a2a:read'] } });
    const { clientSecret, secretId } = await admin.addClientSecret({
      client: made.clientId,
      body: { lifeSeconds: 3_600 },
    });
    const old = (await admin.listClientSecrets({ client: made.clientId })).items.find(
      (secret) => secret.secretId !== secretId,
    );
    await admin.revokeClientSecret({ client: made.clientId, secret: old?.secretId ?? '' });
    const options = { baseUrl: platform.url, tenant: 'acme', clientId: made.clientId };
    assert.deepEqual((await createClient({ ...options, clientSecret }).admin.listAgents()).items, []);
    const outdated = createClient({ ...options, clientSecret: made.clientSecret });
    await assert.rejects(outdated.admin.listAgents(), { code: 'access.unauthenticated' });
  });
});
