/**
 * Guarantee (T14): the origin of a request is the address of its connection. Proxies are trusted by their own address and in one family of
 * fields; from any other connection such fields are ignored.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createTestAuthority, selfSigned } from '@colloquy/testkit';
import type { TestAuthority } from '@colloquy/testkit';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { proxyFields, RequestOrigins, TrustedAuthorities } from '../src/surfaces/http/index.ts';
import type { ProxyFieldFamily } from '../src/surfaces/http/index.ts';
import { sendRaw, startHttp } from './access-http-fixture.ts';
import type { HttpFixture } from './access-http-fixture.ts';

interface Seen {
  readonly address: string;
  readonly isSecure: boolean;
  readonly certificate: string | null;
  readonly subject: string | null;
  readonly chainVerified: boolean | null;
  /** Names of the proxy fields that reached the endpoint. */
  readonly left: readonly string[];
}

interface Asked {
  readonly http: HttpFixture;
  readonly ask: (fields: readonly string[]) => Promise<Seen>;
}

async function startEdge(
  proxies: readonly string[],
  families: readonly ProxyFieldFamily[],
  bundle = '',
): Promise<Asked> {
  const authorities = new TrustedAuthorities(systemClock, bundle);
  const origins = new RequestOrigins({ proxies, families: new Set(families), authorities });
  const http = await startHttp(
    (app) => {
      app.get('/seen', ({ context, headers }, reply) => {
        const certificate = context.peerCertificate;
        void reply.send({
          address: context.clientAddress,
          isSecure: context.isSecure,
          certificate: certificate?.x5tS256 ?? null,
          subject: certificate?.subjectDn ?? null,
          chainVerified: certificate?.chainVerified ?? null,
          left: proxyFields.filter((name) => headers[name] !== undefined),
        });
      });
    },
    { origins },
  );
  const ask = async (fields: readonly string[]): Promise<Seen> => {
    const lines = ['GET /seen HTTP/1.1', 'Host: x', 'Connection: close', ...fields];
    const answer = await sendRaw(http.port, `${lines.join('\r\n')}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 /, answer);
    return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Seen;
  };
  return { http, ask };
}

const forged = [
  'X-Forwarded-For: 192.0.2.7',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: elsewhere.example',
  'X-Forwarded-Port: 1',
  'X-Real-IP: 192.0.2.7',
  'Forwarded: for=192.0.2.7;proto=https',
];
const mine: Seen = {
  address: '127.0.0.1',
  isSecure: false,
  certificate: null,
  subject: null,
  chainVerified: null,
  left: [],
};

describe('the origin of a request', () => {
  let authority: TestAuthority;
  before(async () => {
    authority = await createTestAuthority();
  });

  it('is its connection, whatever an untrusted client writes (T14)', async () => {
    const { certificate, der } = await selfSigned();
    const fields = [...forged, `Client-Cert: :${der.toString('base64')}:`, 'Client-Cert-Chain: garbage'];
    for (const families of [['x-forwarded'], ['forwarded', 'client-cert']] as const) {
      const { http, ask } = await startEdge(['10.0.0.0/8', '::1'], families, certificate);
      await using _http = http;
      assert.deepEqual(await ask(fields), mine);
    }
    const { http, ask } = await startEdge([], ['x-forwarded', 'client-cert']);
    await using _http = http;
    assert.deepEqual(await ask(fields), mine);
    const answer = await sendRaw(
      http.port,
      `GET /none HTTP/1.1\r\nHost: x\r\n${forged.join('\r\n')}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 404 /);
    assert.equal(http.lines.at(-1)?.['clientAddress'], '127.0.0.1', 'the log says who it was');
    assert.doesNotMatch(http.logText(), /192\.0\.2\.7/);
  });

  /** What a trusted proxy at 127.0.0.1 says, and which address counts as the client. */
  const told: readonly (readonly [fields: readonly string[], address: string, isSecure?: boolean])[] = [
    [['X-Forwarded-For: 192.0.2.1'], '192.0.2.1'],
    [['X-Forwarded-For: 192.0.2.1', 'X-Forwarded-Proto: https'], '192.0.2.1', true],
    [['X-Forwarded-Proto: HTTPS'], '127.0.0.1', true],
    [['X-Forwarded-For: 198.51.100.9, 192.0.2.1'], '192.0.2.1'],
    [['X-Forwarded-For: 198.51.100.9', 'X-Forwarded-For: 192.0.2.1'], '192.0.2.1'],
    [['X-Forwarded-For: 198.51.100.9, 192.0.2.1, 10.1.2.3'], '192.0.2.1'],
    [['X-Forwarded-For: 10.9.9.9, 10.1.2.3'], '10.9.9.9'],
    [['X-Forwarded-For: garbage, 10.1.2.3'], '10.1.2.3'],
    [['X-Forwarded-For: garbage'], '127.0.0.1'],
    [['X-Forwarded-For: 192.0.2.1:4711'], '192.0.2.1'],
    [['X-Forwarded-For: [2001:db8::1]:4711'], '2001:db8::1'],
    [['X-Forwarded-For: 2001:0DB8:0:0::0001'], '2001:db8::1'],
    [['X-Forwarded-For: ::ffff:192.0.2.1'], '192.0.2.1'],
    [['X-Forwarded-For: 0:0:0:0:0:FFFF:C000:0201'], '192.0.2.1'],
    [['X-Forwarded-For: fe80::1%eth0'], '127.0.0.1'],
    [['X-Forwarded-For:'], '127.0.0.1'],
    [['Forwarded: for=192.0.2.1;proto=https'], '127.0.0.1'],
    [['X-Real-IP: 192.0.2.1'], '127.0.0.1'],
  ];
  it('is the address that a trusted proxy reports, and not the one that the client wrote before it', async () => {
    const { http, ask } = await startEdge(['127.0.0.1', '10.0.0.0/8'], ['x-forwarded']);
    await using _http = http;
    for (const [fields, address, isSecure = false] of told) {
      assert.deepEqual(await ask(fields), { ...mine, address, isSecure }, fields.join(' | '));
    }
  });

  const toldByForwarded: readonly (readonly [field: string, address: string, isSecure?: boolean])[] = [
    ['for=192.0.2.1;proto=https;by=10.0.0.1', '192.0.2.1', true],
    ['for=198.51.100.9;proto=https, For="192.0.2.1";Proto=http', '192.0.2.1'],
    ['for="[2001:db8::1]:4711"', '2001:db8::1'],
    ['for=192.0.2.1, for=10.1.1.1;proto=https', '192.0.2.1'],
    ['for=192.0.2.1, for=unknown', '127.0.0.1'],
    ['for=192.0.2.1, for=_hidden', '127.0.0.1'],
    ['for="192.0.2.1, for=198.51.100.9"', '127.0.0.1'],
  ];
  it('is read from Forwarded when the proxies write that field (RFC 7239)', async () => {
    const { http, ask } = await startEdge(['127.0.0.1', '10.0.0.0/8'], ['forwarded']);
    await using _http = http;
    for (const [field, address, isSecure = false] of toldByForwarded) {
      const seen = await ask([`Forwarded: ${field}`, 'X-Forwarded-For: 203.0.113.1']);
      assert.deepEqual(seen, { ...mine, address, isSecure }, field);
    }
  });

  it('has the certificate that a trusted proxy tells of, judged by our own authorities (RFC 9440)', async () => {
    const { http, ask } = await startEdge(['127.0.0.1'], ['client-cert'], authority.certificate);
    await using _http = http;
    const lower = await authority.lower('Lower authority');
    const other = await createTestAuthority();
    const field = (name: string, ...ders: readonly Buffer[]): string =>
      `${name}: ${ders.map((der) => `:${der.toString('base64')}:`).join(', ')}`;
    const derOf = (pem: string): Buffer => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const ours = await authority.issue({ subject: 'O=Example, CN=worker' });
    const seen = await ask([field('Client-Cert', ours.der)]);
    assert.deepEqual([seen.subject, seen.chainVerified, seen.left], ['CN=worker,O=Example', true, []]);
    const below = await lower.issue();
    const chain = field('Client-Cert-Chain', derOf(lower.certificate));
    const judged: readonly (readonly [what: string, fields: readonly string[], isVerified: boolean])[] = [
      ['a chain', [field('Client-Cert', below.der), chain], true],
      ['a chain that is not told', [field('Client-Cert', below.der)], false],
      ['a chain that leads elsewhere', [field('Client-Cert', (await other.issue()).der), chain], false],
      ['no authority', [field('Client-Cert', (await selfSigned()).der)], false],
      ['a leaf that is no authority', [field('Client-Cert', below.der), field('Client-Cert-Chain', ours.der)], false],
      ['one for servers', [field('Client-Cert', (await authority.issue({ usage: 'server' })).der)], false],
      ['one that has ended', [field('Client-Cert', (await authority.issue({ notAfter: new Date(0) })).der)], false],
    ];
    for (const [what, fields, isVerified] of judged) assert.equal((await ask(fields)).chainVerified, isVerified, what);
    assert.deepEqual(await ask([]), mine);
    for (const wrong of [':bm8=:', 'none', ours.der.toString('base64'), `:${ours.der.toString('base64')}:, :bm8=:`]) {
      const answer = await sendRaw(
        http.port,
        `GET /seen HTTP/1.1\r\nHost: x\r\nClient-Cert: ${wrong}\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 400 [^]*"client-cert/, wrong);
    }
  });
});
