/** Guarantee: what is sealed opens with the same key in the same place, and nowhere else. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { KeyVault } from './key-vault.ts';
import { loadPlatformKeyFile, parsePlatformKey, PlatformKeyError } from './platform-key.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7 + 1));
const otherKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 5 + 3));
const secret = Buffer.from('an upstream credential');

describe('sealed values', () => {
  it('open with the same key and context, in any process', () => {
    const sealed = new KeyVault(key).seal(secret, 'agents|1');
    assert.deepEqual(new KeyVault(key).open(sealed, 'agents|1'), secret);
    assert.equal(sealed.includes(secret), false);
  });

  it('never look the same twice', () => {
    const vault = new KeyVault(key);
    assert.notDeepEqual(vault.seal(secret, 'agents|1'), vault.seal(secret, 'agents|1'));
  });

  it('do not open under another context, another key, or with any byte changed or missing', () => {
    const vault = new KeyVault(key);
    const sealed = vault.seal(secret, 'agents|1');
    assert.throws(() => vault.open(sealed, 'agents|2'), PlatformKeyError);
    assert.throws(() => vault.open(sealed, ''), PlatformKeyError);
    assert.throws(() => new KeyVault(otherKey).open(sealed, 'agents|1'), /another secret key/);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      assert.throws(() => vault.open(changed, 'agents|1'), PlatformKeyError, `byte ${i}`);
      assert.throws(() => vault.open(sealed.subarray(0, i), 'agents|1'), PlatformKeyError, `${i} bytes`);
    }
    assert.deepEqual(vault.open(sealed, 'agents|1'), secret);
  });

  it('of an empty secret open too', () => {
    const vault = new KeyVault(key);
    assert.equal(vault.open(vault.seal(Buffer.alloc(0), 'x'), 'x').length, 0);
  });

  it('client secret hashes depend on the platform key and tell nothing of it', () => {
    assert.deepEqual(new KeyVault(key).hash('cls_a'), new KeyVault(key).hash('cls_a'));
    assert.notDeepEqual(new KeyVault(key).hash('cls_a'), new KeyVault(otherKey).hash('cls_a'));
    assert.notDeepEqual(new KeyVault(key).hash('cls_a'), new KeyVault(key).hash('cls_b'));
    assert.equal(new KeyVault(key).hash('cls_a').length, 32);
  });
});

describe('the platform key', () => {
  it('is read from base64 of exactly 32 random bytes', () => {
    assert.deepEqual(parsePlatformKey(` ${key.toString('base64')}\n`), key);
    assert.deepEqual(parsePlatformKey(key.toString('base64url')), key);
    const weak = [
      '',
      'changeme',
      'x'.repeat(44),
      Buffer.alloc(32).toString('base64'),
      key.subarray(1).toString('base64'),
    ];
    for (const text of [...weak, Buffer.concat([key, key]).toString('base64'), `${key.toString('base64')}!`]) {
      assert.throws(
        () => parsePlatformKey(text),
        (error) => error instanceof PlatformKeyError && (text === '' || !error.message.includes(text)),
      );
    }
  });

  it('in a file is made once, also when processes start together, and only its owner can read it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'colloquy-key-'));
    try {
      const path = join(directory, 'secret.key');
      const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => loadPlatformKeyFile(path)));
      for (const other of others) assert.deepEqual(other, first);
      assert.deepEqual(await loadPlatformKeyFile(path), first);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(directory), ['secret.key'], 'no draft stays behind');
      await chmod(path, 0o644);
      await assert.rejects(loadPlatformKeyFile(path), /Others can read/);
      assert.equal((await readFile(path, 'utf8')).trim(), first?.toString('base64'), 'a refused file is left alone');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('in a file that holds something else is refused and not replaced', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'colloquy-key-'));
    try {
      const path = join(directory, 'secret.key');
      await writeFile(path, 'not a key\n', { mode: 0o600 });
      await assert.rejects(loadPlatformKeyFile(path), PlatformKeyError);
      assert.equal(await readFile(path, 'utf8'), 'not a key\n');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
