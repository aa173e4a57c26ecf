/** Guarantee: a platform with certificates serves both ports over TLS, shows its certificates, and loads new files without a restart. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createTestAuthority, eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestAuthority, TestCertificate, TestPlatform } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';

describe('a platform with certificates', () => {
  const common = getCACertificates('default');
  let folder: string;
  let authority: TestAuthority;
  const put = async ({ certificate, key }: Pick<TestCertificate, 'certificate' | 'key'>): Promise<void> => {
    await writeFile(join(folder, 'cert.pem'), certificate);
    await writeFile(join(folder, 'key.pem'), key);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platform-tls-'));
    authority = await createTestAuthority();
    setDefaultCACertificates([...common, authority.certificate]);
    await put(await authority.issue({ ips: ['127.0.0.1'] }));
  });
  after(async () => {
    setDefaultCACertificates(common);
    await rm(folder, { recursive: true });
  });

  const start = (): Promise<TestPlatform> => {
    const files = { CERT_FILE: join(folder, 'cert.pem'), KEY_FILE: join(folder, 'key.pem') };
    const env = Object.fromEntries(
      ['COLLOQUY_HTTP_TLS', 'COLLOQUY_GRPC_TLS'].flatMap((prefix) =>
        Object.entries(files).map(([name, file]) => [`${prefix}_${name}`, file]),
      ),
    );
    return startTestPlatform({ env });
  };

  it('releases a client that leaves before the handshake, whichever socket accepted it', async () => {
    await using platform = await start();
    const ports = [new URL(platform.url).port, platform.platform.grpcAddress?.split(':').at(-1)].map(Number);
    for (const port of ports) {
      const options = { port, host: '127.0.0.1', allowHalfOpen: true };
      const callers = Array.from({ length: 32 }, () => connectPlain(options).on('error', () => undefined));
      for (const caller of callers) caller.end().resume();
      await eventually('all are let go of', () => callers.every(({ closed }) => closed), limits.headersMs / 2);
    }
  });

  it('serves callers, says when they end, and shows new ones while it runs', async () => {
    await using platform = await start();
    assert.match(platform.url, /^https:/);
    const tenant = await platform.createTenant('acme');
    assert.deepEqual((await tenant.client.admin.listAgents()).items, []);
    const { headers } = await fetch(`${platform.url}/health`);
    assert.equal(headers.get('strict-transport-security'), 'max-age=31536000');
    const shown = (await platform.operator.admin.listListenerCertificates()).items;
    assert.deepEqual(
      shown.map(({ listener, subject }) => [listener, subject]),
      [
        ['http', 'CN=localhost'],
        ['grpc', 'CN=localhost'],
      ],
    );
    const soon = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3 * 24 * 60 * 60_000);
    const next = await authority.issue({ ips: ['127.0.0.1'], commonName: 'next', notAfter: soon });
    await put({ certificate: next.certificate, key: 'no key' });
    await eventually('the broken files are told of', () => platform.logLines.filter(isBroken).length >= 2, 20_000);
    await put(next);
    await eventually(
      'both ports show it',
      async () =>
        (await platform.operator.admin.listListenerCertificates()).items.every(({ subject }) => subject === 'CN=next'),
      20_000,
    );
    const session = connect(`https://${platform.platform.grpcAddress ?? ''}`);
    await once(session, 'connect');
    assert.equal((await (await fetch(`${platform.opsUrl}/metrics`)).text()).includes(endLine(soon)), true);
    session.destroy();
    assert.deepEqual((await tenant.client.admin.listAgents()).items, [], 'callers go on');
  });
});

const isBroken = (line: string): boolean => line.includes('cannot be used');
const endLine = (end: Date): string =>
  `colloquy_certificate_end_seconds{listener="http"} ${String(end.getTime() / 1_000)}`;
