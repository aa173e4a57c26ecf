/**
 * Guarantee: a listener with TLS speaks 1.3, and 1.2 only when told to and then with forward secrecy; it takes clients with any
 * certificate or none and says which it was; it takes new certificate files while it runs, and no broken ones.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { RequestOptions } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { createTestAuthority, eventually, FakeClock, selfSigned } from '@colloquy/testkit';
import type { TestAuthority, TestCertificate } from '@colloquy/testkit';
import { keyPairOf, WatchedFiles } from '../src/adapters/certificates/index.ts';
import type { KeyPair } from '../src/adapters/certificates/index.ts';
import { limits } from '../src/kernel/limits.ts';
import { renewTls } from '../src/surfaces/http/index.ts';
import type { ListenerTls } from '../src/surfaces/http/index.ts';
import { startHttp } from './access-http-fixture.ts';
import type { HttpFixture } from './access-http-fixture.ts';

let authority: TestAuthority;
let server: TestCertificate;
before(async () => {
  authority = await createTestAuthority();
  server = await authority.issue();
});

const tlsWith = (over: Partial<ListenerTls['policy']> = {}, clientAuthorities = ''): ListenerTls => ({
  material: server,
  policy: { isTls12Allowed: false, asksForCertificates: true, ...over },
  clientAuthorities,
});

/** `GET /who` answers the caller that the endpoint saw. */
const startTls = (tls: ListenerTls): Promise<HttpFixture> =>
  startHttp(
    (app) => {
      app.get('/who', ({ context }, reply) => {
        const { peerCertificate: shown, isSecure } = context;
        void reply.send({
          isSecure,
          x5t: shown?.x5tS256,
          subject: shown?.subjectDn,
          chainVerified: shown?.chainVerified,
        });
      });
      app.post('/who', (_asked, reply) => void reply.send({}));
    },
    { tls },
  );

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(http: HttpFixture, options: RequestOptions = {}): Promise<Answer> {
  const asked = request(`${http.url}/who`, { ca: authority.certificate, agent: false, ...options });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const body = JSON.parse(await text(answer)) as Answer['body'];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

/** What a handshake comes to: the version that was agreed on, or the error's code. */
async function handshake(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate, ...options });
  const outcome = await Promise.race([
    once(socket, 'secureConnect').then(() => socket.getProtocol() ?? 'none'),
    once(socket, 'close').then(() => 'closed'),
  ]).catch((error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'failed'));
  socket.destroy();
  return outcome;
}

describe('a listener with TLS', () => {
  it('speaks TLS 1.3 and, when it may, 1.2 with forward secrecy and authenticated encryption alone', async () => {
    await using strict = await startTls(tlsWith());
    await using lenient = await startTls(tlsWith({ isTls12Allowed: true }));
    assert.equal(await handshake(strict.port, {}), 'TLSv1.3');
    const old = { maxVersion: 'TLSv1.2' } as const;
    assert.match(await handshake(strict.port, old), /^ERR_SSL|ECONNRESET/);
    assert.equal(await handshake(lenient.port, old), 'TLSv1.2');
    const weak = [
      'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-ECDSA-AES256-SHA',
      'AES128-GCM-SHA256',
      'DHE-RSA-AES128-GCM-SHA256',
    ];
    for (const ciphers of weak)
      assert.match(await handshake(lenient.port, { ...old, ciphers }), /^ERR_SSL|ECONNRESET/, ciphers);
    const first = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    assert.doesNotMatch(await handshake(lenient.port, first), /^TLS/);
    assert.equal((await ask(strict)).status, 200, 'others are served as before');
  });

  it('answers no request in the clear, and tells browsers to use TLS from then on', async () => {
    await using http = await startTls(tlsWith());
    const socket = connectPlain(http.port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET /who HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.doesNotMatch(await text(socket).catch(() => ''), /200 OK/);
    const { headers } = await ask(http);
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    assert.equal(http.lines.length, 0, 'a broken handshake is no request');
  });

  it('takes a client with any certificate or none, and knows which certificates an authority of ours vouches for', async () => {
    await using http = await startTls(tlsWith({}, authority.certificate));
    const lower = await authority.lower('Lower');
    const shown: readonly (readonly [
      what: string,
      client: TestCertificate | null,
      chainVerified: boolean | undefined,
    ])[] = [
      ['none', null, undefined],
      ['ours', await authority.issue({ subject: 'O=Example, CN=worker' }), true],
      ['below ours', await lower.issue(), true],
      ['self-signed', await selfSigned(), false],
      ["another authority's", await (await createTestAuthority()).issue(), false],
      ['ours that has ended', await authority.issue({ notAfter: new Date(0) }), false],
    ];
    for (const [what, client, chainVerified] of shown) {
      const { body } = await ask(http, client === null ? {} : { cert: client.certificate, key: client.key });
      assert.deepEqual([body['isSecure'], body['chainVerified']], [true, chainVerified], what);
      const x5t = client === null ? undefined : await digestOf(client.der);
      assert.equal(body['x5t'], x5t, what);
    }
    const withoutAuthorities = await startTls(tlsWith());
    await using _http = withoutAuthorities;
    const ours = await authority.issue();
    assert.equal(
      (await ask(withoutAuthorities, { cert: ours.certificate, key: ours.key })).body['chainVerified'],
      false,
    );
  });

  it('asks for no certificate unless told to', async () => {
    await using http = await startTls(tlsWith({ asksForCertificates: false }));
    const client = await authority.issue();
    const { body } = await ask(http, { cert: client.certificate, key: client.key });
    assert.equal(body['x5t'], undefined);
  });

  it('judges a certificate anew at every connection, since it may have ended since the last one', async () => {
    for (const isTls12Allowed of [false, true]) {
      const vouching = await createTestAuthority();
      const { certificate: cert, key } = await vouching.issue();
      const maxVersion = isTls12Allowed ? 'TLSv1.2' : 'TLSv1.3';
      await using http = await startTls(tlsWith({ isTls12Allowed }, vouching.certificate));
      const who = async (session?: Buffer) => {
        const as = { cert, key, maxVersion, ca: authority.certificate, host: '127.0.0.1', port: http.port } as const;
        const socket = connect(session === undefined ? as : { ...as, session });
        const sessions: Buffer[] = [];
        let isReused = false;
        socket.on('secureConnect', () => (isReused = socket.isSessionReused()));
        socket.on('session', (one) => sessions.push(one));
        socket.write('GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
        const answer = await text(socket);
        return { answer, session: sessions.at(-1), isReused };
      };
      const first = await who();
      assert.match(first.answer, /"chainVerified":true/);
      const again = await who(first.session);
      assert.match(again.answer, /"chainVerified":true/);
      assert.equal(again.isReused, false, maxVersion);
    }
  });

  it('shows a new certificate to new connections while old ones go on', async () => {
    await using http = await startTls(tlsWith());
    const open = connect({ port: http.port, host: '127.0.0.1', ca: authority.certificate });
    await once(open, 'secureConnect');
    const next = await authority.issue({ commonName: 'next' });
    renewTls(http.app.server, { ...tlsWith(), material: next });
    const later = connect({ port: http.port, host: '127.0.0.1', ca: authority.certificate });
    await once(later, 'secureConnect');
    assert.deepEqual(
      [open, later].map((socket) => socket.getPeerCertificate().subject.CN),
      ['localhost', 'next'],
    );
    open.write('GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(await text(open), /^HTTP\/1\.1 200 /);
    later.destroy();
  });
});

async function digestOf(der: Buffer): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(der))).toString('base64url');
}

describe('certificate files', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificate-files-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are read again while they are in use; broken ones change nothing and are told of once', async () => {
    const files = [join(folder, 'cert.pem'), join(folder, 'key.pem')] as const;
    const put = async ({ certificate, key }: Pick<TestCertificate, 'certificate' | 'key'>): Promise<void> => {
      await writeFile(files[0], certificate);
      await writeFile(files[1], key);
    };
    await put(server);
    const clock = new FakeClock();
    const broken: unknown[] = [];
    const seen: string[] = [];
    const parse = ([certificate = '', key = '']: readonly string[]): KeyPair => keyPairOf(certificate, key);
    const watched = await WatchedFiles.open({ files, parse, clock, onBroken: (error) => broken.push(error) });
    watched.watch(({ leaf }) => seen.push(leaf.subject));
    let checks = 0;
    const nextCheck = async (): Promise<void> => {
      checks += 1;
      await clock.advance(limits.certificateCheckMs);
      await eventually('the check is over', () => clock.pendingTimers === 1);
    };
    await nextCheck();
    const next = await authority.issue({ commonName: 'next' });
    await put(next);
    await nextCheck();
    assert.deepEqual([seen, broken.length], [['CN=next'], 0]);
    const unfit: readonly (readonly [certificate: string, key: string])[] = [
      [server.certificate, next.key],
      ['', ''],
      [next.certificate.slice(0, 200), next.key],
      [next.certificate, 'x'.repeat(limits.certificateFileBytesMax + 1)],
    ];
    for (const [at, [certificate, key]] of unfit.entries()) {
      await put({ certificate, key });
      await nextCheck();
      await nextCheck();
      assert.equal(broken.length, at + 1, 'told once');
      assert.equal(watched.current.leaf.subject, 'CN=next');
    }
    await put(server);
    await nextCheck();
    assert.deepEqual(seen, ['CN=next', 'CN=localhost']);
    watched.close();
    assert.ok(checks > 0);
    await assert.rejects(
      WatchedFiles.open({ files: [join(folder, 'none.pem')], parse, clock, onBroken: () => undefined }),
      /none\.pem/,
    );
  });
});
