/** Guarantee: the doctor reports an invalid or expiring certificate before callers notice it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { selfSigned } from '@colloquy/testkit';
import { checkCertificates } from './certificates.ts';

const end = new Date('2030-06-30T00:00:00Z');
const dayMs = 24 * 60 * 60_000;

describe('the doctor and certificates', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctor-'));
    const good = await selfSigned({ notAfter: end });
    await writeFile(file('cert.pem'), good.certificate);
    await writeFile(file('key.pem'), good.key);
    await writeFile(file('other.pem'), (await selfSigned()).key);
    await writeFile(file('broken.pem'), 'no PEM');
  });
  after(() => rm(folder, { recursive: true }));

  const judged: readonly (readonly [cert: string, key: string, daysLeft: number, level: string])[] = [
    ['cert.pem', 'key.pem', 100, 'ok'],
    ['cert.pem', 'key.pem', 20, 'warn'],
    ['cert.pem', 'key.pem', -1, 'fail'],
    ['cert.pem', 'other.pem', 100, 'fail'],
    ['broken.pem', 'key.pem', 100, 'fail'],
    ['none.pem', 'key.pem', 100, 'fail'],
  ];
  it('are judged by their files, for both listeners', async () => {
    for (const prefix of ['COLLOQUY_HTTP_TLS', 'COLLOQUY_GRPC_TLS']) {
      for (const [cert, key, daysLeft, level] of judged) {
        const env = { [`${prefix}_CERT_FILE`]: file(cert), [`${prefix}_KEY_FILE`]: file(key) };
        const [finding, ...more] = await checkCertificates(env, end.getTime() - daysLeft * dayMs);
        assert.equal(finding?.level, level, `${cert} ${key} ${String(daysLeft)}: ${finding?.found ?? ''}`);
        assert.deepEqual(more, []);
      }
    }
    assert.deepEqual(await checkCertificates({}), []);
  });
});
