/** Guarantee: a sealed secret opens only with its owner's key and only in its own place. */
import assert from 'node:assert/strict';
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { idOf } from '../../kernel/ids.ts';
import type { SecretPlace } from '../../kernel/secret-box.ts';
import { KeyVault } from './key-vault.ts';
import { LocalKeyEncryptionKey } from './local-key-encryption-key.ts';
import { PlatformKeyError } from './platform-key.ts';
import { newDataKey, unwrapDataKey } from './wrapped-data-key.ts';

const root = randomBytes(32);
const otherRoot = randomBytes(32);
const secret = Buffer.from('an upstream credential');
const [tenant, otherTenant] = [idOf('tnt', '1'.repeat(32)), idOf('tnt', '2'.repeat(32))];
const place: SecretPlace = {
  tenantId: tenant,
  table: 'agents',
  column: 'credential_sealed',
  rowId: 'agt_1',
  boundTo: 'https://agent.example',
};
const unreadable = { code: 'secret.unreadable' };

/** The first form, from before data keys, as old databases hold it. */
function sealedInFirstForm(context: string): Buffer {
  const derive = (use: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', root, '', use, bytes));
  const keyId = derive('colloquy key id', 8);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derive('colloquy sealing', 32), nonce);
  cipher.setAAD(Buffer.concat([Buffer.of(1), keyId, Buffer.from(context)]));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.of(1), keyId, nonce, cipher.getAuthTag(), ciphertext]);
}

describe('sealed values', () => {
  it('open with the same keys in the same place, in any process', async () => {
    const sealed = await new KeyVault(root).seal(secret, place);
    assert.deepEqual(await new KeyVault(root).open(sealed, place), secret);
    assert.equal(sealed.includes(secret), false);
  });

  it('differ each time that the same secret is sealed', async () => {
    const vault = new KeyVault(root);
    assert.notDeepEqual(await vault.seal(secret, place), await vault.seal(secret, place));
  });

  it('do not open for another tenant, table, column, row or origin, nor with another key (T40)', async () => {
    const vault = new KeyVault(root);
    const sealed = await vault.seal(secret, place);
    const elsewhere: readonly Partial<SecretPlace>[] = [
      { tenantId: otherTenant },
      { tenantId: null },
      { table: 'agent_instances' },
      { column: 'token_sealed' },
      { rowId: 'agt_2' },
      { boundTo: 'https://other.example' },
      { rowId: 'agt_1,https', boundTo: '//agent.example' },
    ];
    for (const other of elsewhere) {
      await assert.rejects(vault.open(sealed, { ...place, ...other }), unreadable, JSON.stringify(other));
    }
    await assert.rejects(new KeyVault(otherRoot).open(sealed, place), unreadable);
    assert.deepEqual(await vault.open(sealed, place), secret);
  });

  it('do not open with any byte changed or missing', async () => {
    const vault = new KeyVault(root);
    const sealed = await vault.seal(secret, place);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      await assert.rejects(vault.open(changed, place), unreadable, `byte ${i}`);
      await assert.rejects(vault.open(sealed.subarray(0, i), place), unreadable, `${i} bytes`);
    }
  });

  it('of an empty secret open too', async () => {
    const vault = new KeyVault(root);
    assert.equal((await vault.open(await vault.seal(Buffer.alloc(0), place), place)).length, 0);
  });

  it('of the form before data keys open in the place that they were sealed for, and in no other', async () => {
    const vault = new KeyVault(root);
    const sealed = sealedInFirstForm(`upstream-credential ${tenant} agt_1 https://agent.example`);
    assert.deepEqual(await vault.open(sealed, place), secret);
    await assert.rejects(vault.open(sealed, { ...place, rowId: 'agt_2' }), unreadable);
    await assert.rejects(vault.open(sealed, { ...place, column: 'other_sealed' }), unreadable);
    await assert.rejects(new KeyVault(otherRoot).open(sealed, place), unreadable);
  });

  it('client secret hashes depend on the root and do not reveal it', () => {
    assert.deepEqual(new KeyVault(root).hash('cls_a'), new KeyVault(root).hash('cls_a'));
    assert.notDeepEqual(new KeyVault(root).hash('cls_a'), new KeyVault(otherRoot).hash('cls_a'));
    assert.notDeepEqual(new KeyVault(root).hash('cls_a'), new KeyVault(root).hash('cls_b'));
    assert.equal(new KeyVault(root).hash('cls_a').length, 32);
  });
});

describe('a wrapped data key', () => {
  it('unwraps with its key, for its owner and under its name only', async () => {
    const kek = new LocalKeyEncryptionKey(root);
    const wrapped = await newDataKey(kek, tenant, 'a'.repeat(32));
    const unwrapped = await unwrapDataKey(kek, wrapped);
    assert.equal(unwrapped.length, 32);
    assert.equal(Buffer.from(wrapped.wrapped).includes(unwrapped), false);
    await assert.rejects(unwrapDataKey(kek, { ...wrapped, owner: otherTenant }), PlatformKeyError);
    await assert.rejects(unwrapDataKey(kek, { ...wrapped, owner: null }), PlatformKeyError);
    await assert.rejects(unwrapDataKey(kek, { ...wrapped, keyId: 'b'.repeat(32) }), PlatformKeyError);
    await assert.rejects(unwrapDataKey(new LocalKeyEncryptionKey(otherRoot), wrapped), PlatformKeyError);
  });
});
