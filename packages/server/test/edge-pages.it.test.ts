/**
 * Guarantee (T31, T41): a page in a browser reads nothing of the platform unless its exact origin is allowed, and one that makes a name
 * of its own lead to this machine is refused before anything is done for it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTestPlatform } from '@colloquy/testkit';
import { PageRules } from '../src/surfaces/http/index.ts';
import { sendRaw, startHttp } from './access-http-fixture.ts';
import type { HttpFixture } from './access-http-fixture.ts';

const allowed = 'https://console.example.org';
const foreign = [
  'https://console.example.org.evil.example',
  'https://evil.example',
  'http://console.example.org',
  'null',
  '',
];

const startPages = (pages: PageRules): Promise<HttpFixture & { readonly seen?: unknown }> =>
  startHttp(
    (app) => {
      app.get('/thing', (_request, reply) => void reply.send('{}'));
      app.get('/set', (_request, reply) => {
        reply.hijack();
        reply.raw.setHeader('Vary', 'Accept');
        reply.raw.end('{}');
      });
      app.put('/thing', (_request, reply) => void reply.send('{}'));
    },
    { pages },
  );

const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
});

describe('a page', () => {
  it('of an allowed origin reads answers and may send preflight requests; credentials of the browser are never accepted', async () => {
    await using http = await startPages(new PageRules({ corsOrigins: [allowed], hosts: null }));
    for (const path of ['/thing', '/none']) {
      const { headers } = await fetch(http.url + path, { headers: { origin: allowed } });
      assert.equal(headers.get('access-control-allow-origin'), allowed, path);
      assert.equal(headers.get('vary'), 'Origin', path);
      assert.match(
        headers.get('access-control-expose-headers') ?? '',
        /^x-request-id, retry-after, ratelimit, ratelimit-policy,/,
      );
      assert.equal(headers.get('access-control-allow-credentials'), null);
    }
    assert.equal(
      (await fetch(`${http.url}/set`, { headers: { origin: allowed } })).headers.get('access-control-allow-origin'),
      allowed,
    );
    const asked = await fetch(`${http.url}/thing`, preflight(allowed));
    assert.equal(asked.status, 204);
    assert.match(asked.headers.get('access-control-allow-headers') ?? '', /authorization, x-api-key,/);
    assert.equal(asked.headers.get('access-control-allow-origin'), allowed);
  });

  it('of any other origin is told nothing', async () => {
    for (const corsOrigins of [[], [allowed]]) {
      await using http = await startPages(new PageRules({ corsOrigins, hosts: null }));
      for (const origin of foreign) {
        for (const init of [{ headers: { origin } }, preflight(origin)]) {
          const { headers, status } = await fetch(`${http.url}/thing`, init);
          assert.notEqual(status, 204);
          const told = [...headers.keys()].filter((name) => name.startsWith('access-control-') || name === 'vary');
          assert.deepEqual(told, [], origin);
        }
      }
    }
  });

  it('of elsewhere can not reach a platform that listens to this machine alone, by whatever name (T41)', async () => {
    await using platform = await startTestPlatform({ env: { COLLOQUY_HTTP_ALLOWED_HOSTS: 'colloquy.test' } });
    const { port } = new URL(platform.url);
    const ask = async (host: string, fields = ''): Promise<string> => {
      const answer = await sendRaw(Number(port), `GET /health HTTP/1.1\r\n${host}${fields}Connection: close\r\n\r\n`);
      return answer.slice(9, 12) + (/"code":"([^"]+)"/.exec(answer)?.[1] ?? '');
    };
    const known = [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`, 'LOCALHOST.', 'colloquy.test:1'];
    for (const name of known) assert.equal(await ask(`Host: ${name}\r\n`), '200', name);
    const names = [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      '10.0.0.1',
      '[::2]',
      '@',
    ];
    for (const name of names) assert.equal(await ask(`Host: ${name}\r\n`), '403request.foreign-host', name);
    for (const origin of ['https://evil.example', 'null', 'file://']) {
      assert.equal(await ask('Host: localhost\r\n', `Origin: ${origin}\r\n`), '403request.foreign-host', origin);
    }
    assert.equal(await ask('Host: localhost\r\n', `Origin: http://localhost:${port}\r\n`), '200');
  });
});
