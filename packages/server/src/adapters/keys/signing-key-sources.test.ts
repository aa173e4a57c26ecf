/** Guarantee: keys in a file or a variable are taken as they are, and a place that is broken is refused in words that show no key. */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PrivateHalf } from '../../modules/access/index.ts';
import { environmentSigningKeys, fileSigningKeys, SigningKeySourceError } from './signing-key-sources.ts';

type PemForm = 'pkcs8' | 'sec1';
const pemOf = (form: PemForm = 'pkcs8', curve = 'P-256'): string =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ format: 'pem', type: form }).toString();
const xOf = (pem: string): string | undefined => createPublicKey(pem).export({ format: 'jwk' }).x;
const xs = (halves: readonly PrivateHalf[]): readonly string[] => halves.map(({ publicHalf }) => publicHalf.x);

/** The words in which a source is refused. */
async function refusal(reading: Promise<unknown>, secret: string): Promise<string> {
  const error: unknown = await reading.then(
    () => assert.fail('It was taken.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SigningKeySourceError);
  for (const line of secret.split('\n').filter((text) => text.length > 20 && !text.startsWith('-----')))
    assert.ok(!error.message.includes(line), 'no key material is shown');
  return error.message;
}

describe('signing keys of a source', () => {
  const [one, two] = [pemOf(), pemOf('sec1')];
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colloquy-keys-'));
    path = join(folder, 'signing.pem');
  });
  after(() => rm(folder, { recursive: true }));

  const write = (text: string, mode = 0o600): Promise<void> =>
    writeFile(path, text, { mode }).then(() => chmod(path, mode));

  it('in a variable are read as PEM and in base64, the newest first', async () => {
    const text = `${two}\n${one}`;
    for (const form of [text, Buffer.from(text).toString('base64')]) {
      const source = environmentSigningKeys('KEYS', form);
      assert.deepEqual(xs(await source.read()), [xOf(two), xOf(one)]);
    }
  });

  it('in a file are read again each time', async () => {
    const source = fileSigningKeys('KEYS_FILE', path);
    await write(one);
    assert.deepEqual(xs(await source.read()), [xOf(one)]);
    await write(two + one);
    assert.deepEqual(xs(await source.read()), [xOf(two), xOf(one)]);
  });

  it('sign in both forms, as their public halves verify', async () => {
    for (const pem of [one, two]) {
      const [half] = await environmentSigningKeys('KEYS', pem).read();
      assert.ok(half?.signAtOnce !== undefined);
      const key = { key: createPublicKey(pem), dsaEncoding: 'ieee-p1363' } as const;
      const data = Buffer.from('what is signed');
      assert.ok(verify('sha256', data, key, await half.sign(data)));
      assert.ok(verify('sha256', data, key, Buffer.from(half.signAtOnce('what is signed'), 'base64url')));
    }
  });

  it('in a broken file are refused, with the reason', async () => {
    const source = fileSigningKeys('KEYS_FILE', path);
    await rm(path, { force: true });
    assert.match(await refusal(source.read(), one), /^KEYS_FILE: the file .* is not there\.$/);
    await write(one, 0o640);
    assert.match(await refusal(source.read(), one), /can be read by others; restrict it with: chmod 600/);
    assert.match(await refusal(fileSigningKeys('KEYS_FILE', folder).read(), one), /restrict|can not be read/);
    await write('');
    assert.match(await refusal(source.read(), one), /there is no private key in PEM/);
  });

  it('that are no keys of ours are refused, with which one and how to make one', async () => {
    const large = pemOf('pkcs8', 'P-384');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
    const publicOnly = createPublicKey(one).export({ format: 'pem', type: 'spki' }).toString();
    const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    const wrong: readonly (readonly [string, RegExp])[] = [
      [one + large, /KEYS: key 2 is not one of the curve P-256; make one with: openssl/],
      [rsa.toString(), /KEYS: key 1 is not one of the curve P-256/],
      [publicOnly, /KEYS: key 1 is not a private key/],
      [locked.toString(), /KEYS: key 1 is not a private key that can be read without a passphrase/],
      [one.slice(0, -40), /there is no private key in PEM/],
      [one.replace(/[A-Za-z0-9]{20}/, 'AAAAAAAAAAAAAAAAAAAA'), /KEYS: key 1 is not/],
      [one + one, /a key is there twice/],
      ['not-a-key', /there is no private key in PEM/],
      [Array.from({ length: 11 }, () => pemOf()).join(''), /more than 10 keys/],
    ];
    for (const [text, words] of wrong)
      assert.match(await refusal(environmentSigningKeys('KEYS', text).read(), text), words);
  });
});
