/** Guarantee: the platform starts only with secret keys that cannot be guessed and that no other user can read (T42). */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadPlatformKeyFile, parsePlatformKeys, PlatformKeyError, readPlatformKeyFile } from './platform-key.ts';

const key = randomBytes(32);
const other = randomBytes(32);
const counting = Buffer.from(Array.from({ length: 32 }, (_, at) => at));

/** Placeholders that people and examples use instead of a key. */
const unfit: Readonly<Record<string, string>> = {
  nothing: '',
  'white space': ' \n',
  'a word': 'changeme',
  'a word as long as a key': 'x'.repeat(44),
  zeros: Buffer.alloc(32).toString('base64'),
  ones: Buffer.alloc(32, 0xff).toString('base64'),
  'one byte too few': key.subarray(1).toString('base64'),
  'half the bits': key.subarray(16).toString('base64'),
  'one byte too many': Buffer.concat([key, Buffer.of(7)]).toString('base64'),
  'two keys in one': Buffer.concat([key, other]).toString('base64'),
  'a stray character': `${key.toString('base64')}!`,
  'a counted sequence': counting.toString('base64'),
  'a sequence counted down': Buffer.from(counting).reverse().toString('base64'),
  'a pattern': Buffer.from('0102030405060708'.repeat(4), 'hex').toString('base64'),
  'a passphrase': Buffer.from('correct horse battery staple 123').toString('base64'),
  'hex digits as text': Buffer.from(randomBytes(16).toString('hex')).toString('base64'),
  'a good key and a weak one': `${key.toString('base64')},${Buffer.alloc(32, 3).toString('base64')}`,
  'the same key twice': `${key.toString('base64')} ${key.toString('base64')}`,
};

describe('secret keys', () => {
  it('are base64 of exactly 32 random bytes, the newest first', () => {
    assert.deepEqual(parsePlatformKeys(` ${key.toString('base64')}\n`), [key]);
    assert.deepEqual(parsePlatformKeys(key.toString('base64url')), [key]);
    const both = [key.toString('base64'), other.toString('base64')];
    assert.deepEqual(parsePlatformKeys(both.join(',')), [key, other]);
    assert.deepEqual(parsePlatformKeys(both.join('\n')), [key, other]);
  });

  for (const [name, text] of Object.entries(unfit)) {
    it(`are never ${name}, and the refusal does not repeat it`, () => {
      assert.throws(
        () => parsePlatformKeys(text),
        (error) => error instanceof PlatformKeyError && (text.trim() === '' || !error.message.includes(text.trim())),
      );
    });
  }

  it('of a random source are always taken', () => {
    for (let i = 0; i < 5_000; i += 1) parsePlatformKeys(randomBytes(32).toString('base64'));
  });
});

describe('a key file', () => {
  it('is made once, also when processes start together, and only its owner can read it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'colloquy-key-'));
    try {
      const path = join(directory, 'secret.key');
      await assert.rejects(readPlatformKeyFile(path), /no key file/);
      const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => loadPlatformKeyFile(path)));
      for (const one of others) assert.deepEqual(one, first);
      assert.deepEqual(await loadPlatformKeyFile(path), first);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(directory), ['secret.key'], 'no draft stays behind');
      const text = await readFile(path, 'utf8');
      await chmod(path, 0o644);
      await assert.rejects(loadPlatformKeyFile(path), /Others can read/);
      assert.equal(await readFile(path, 'utf8'), text, 'a refused file is left alone');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('that holds something else is refused and not replaced', async () => {
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
