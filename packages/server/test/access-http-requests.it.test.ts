/** Guarantee: a request that two readers could understand in two ways, or that is too much, is refused before any surface sees it. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import type { Caller } from '../src/kernel/caller.ts';
import { limits } from '../src/kernel/limits.ts';
import { sendRaw, startHttp } from './access-http-fixture.ts';
import { ownRights } from './own-rights.ts';

/** What reached the handler of `POST /echo`. */
const startEcho = () => {
  const seen: unknown[] = [];
  const started = startHttp((app) => {
    app.post('/echo', { config: { endpoint: { surface: 'test', operation: 'echo' } } }, (request, reply) => {
      seen.push(request.body);
      void reply.type('application/json').send(request.body);
    });
    app.get('/echo', (_request, reply) => void reply.send('{}'));
    app.get('/cached', (_request, reply) => void reply.header('Cache-Control', 'max-age=60').send('{}'));
    app.get('/listed', (_request, reply) => {
      reply.hijack();
      reply.raw.setHeader('Vary', 'Accept');
      reply.raw.writeHead(200, 'fine', ['Cache-Control', 'max-age=60', 'Content-Length', '2']);
      reply.raw.end('{}');
    });
    app.get('/implicit', (_request, reply) => {
      reply.hijack();
      reply.raw.setHeader('Cache-Control', 'max-age=60');
      reply.raw.end('{}');
    });
    app.get('/hijacked', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.end('data: 1\n\n');
    });
  });
  return { seen, started };
};

/** Announces a body and sends none of it. */
const announce = (port: number, fields: string, path = '/echo') => {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes) => (answer += String(bytes))).on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${fields}\r\n\r\n`);
  return { socket, answer: () => answer };
};

const post = (fields: string, body = '{}'): string =>
  `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

const json = 'Content-Type: application/json\r\n';

const refused: Readonly<Record<string, { readonly request: string; readonly status: number }>> = {
  'two Authorization fields': {
    request: post(`${json}Authorization: Bearer a\r\nauthorization: Bearer b\r\n`),
    status: 400,
  },
  'two equal Authorization fields': {
    request: post(`${json}Authorization: Bearer a\r\nAuthorization: Bearer a\r\n`),
    status: 400,
  },
  'two Host fields': { request: post(`${json}HOST: y\r\n`), status: 400 },
  'two Content-Type fields': { request: post(`${json}content-type: text/plain\r\n`), status: 400 },
  'two Content-Encoding fields': {
    request: post(`${json}Content-Encoding: identity\r\nContent-Encoding: gzip\r\n`),
    status: 400,
  },
  'a name that some readers take for another': {
    request: post(`${json}X_Request_Id: a\r\n`),
    status: 400,
  },
  'chunks in HTTP/1.0': {
    request: `POST /echo HTTP/1.0\r\nHost: x\r\n${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    status: 400,
  },
  'a body where none belongs': {
    request: 'GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    status: 400,
  },
  'an expectation of another kind': { request: post(`${json}Expect: 200-ok\r\n`), status: 400 },
  'two Content-Length fields': { request: post(`${json}Content-Length: 2\r\n`), status: 400 },
  'no Host field': { request: 'GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n', status: 400 },
  'an absolute target': {
    request: 'GET http://other/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    status: 400,
  },
  'a target that is no path': { request: 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', status: 400 },
  'a coding before chunked': {
    request: `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${json}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    status: 400,
  },
  'both lengths': {
    request: `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  'a bare line feed in a field': { request: 'GET /echo HTTP/1.1\nHost: x\n\n', status: 400 },
  'a folded field': { request: 'GET /echo HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n', status: 400 },
  'a NUL in a field': { request: 'GET /echo HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', status: 400 },
  'no HTTP at all': { request: 'hello\r\n\r\n', status: 400 },
  'HTTP/2 preface': { request: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 400 },
  'too many fields': {
    request: post(json + Array.from({ length: limits.headerFieldsMax }, (_, i) => `x${i}: 1\r\n`).join('')),
    status: 400,
  },
  'too long fields': { request: post(`${json}x: ${'a'.repeat(limits.headerBytesMax)}\r\n`), status: 431 },
  'a compressed body': { request: post(`${json}Content-Encoding: gzip\r\n`), status: 415 },
  'another content type': { request: post('Content-Type: text/plain\r\n'), status: 415 },
  'no content type': { request: post(''), status: 415 },
  'a form': { request: post('Content-Type: application/x-www-form-urlencoded\r\n'), status: 415 },
  'an unknown address': { request: 'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', status: 404 },
  'another method': { request: 'DELETE /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', status: 404 },
  'an address that does not decode': {
    request: 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    status: 404,
  },
  'a very long address': {
    request: `GET /${'a'.repeat(8_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    status: 404,
  },
};

describe('a request', () => {
  for (const [what, { request, status }] of Object.entries(refused)) {
    it(`with ${what} is refused with ${status}`, async () => {
      const { seen, started } = startEcho();
      await using http = await started;
      const answer = await sendRaw(http.port, request);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), answer.slice(0, 300));
      assert.equal(answer.split('HTTP/1.1').length, 2, 'one answer and then the end');
      assert.doesNotMatch(answer, /at .*\.[jt]s|FST_|fastify|node_modules/i);
      assert.deepEqual(seen, [], 'nothing reached the surface');
      await eventually('nothing is under way', () => http.app.openRequests.inFlight === 0);
    });
  }

  it('arrives with its body as it was sent', async () => {
    const { seen, started } = startEcho();
    await using http = await started;
    const body = '{"a":1,"a":2, "n":9007199254740993}';
    for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/A2A+JSON']) {
      const answer = await fetch(`${http.url}/echo`, { method: 'POST', headers: { 'content-type': type }, body });
      assert.equal(await answer.text(), body);
    }
    assert.ok(seen.every((item) => Buffer.isBuffer(item)));
  });

  it('is accepted up to the exact size limit and refused one byte above it, on a connection that is then closed', async () => {
    const { seen, started } = startEcho();
    await using http = await started;
    const send = (bytes: number) =>
      fetch(`${http.url}/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.alloc(bytes, 32),
      });
    const fits = await send(limits.bodyBytesMax);
    assert.equal(fits.status, 200);
    // What is not read keeps its connection until the garbage is collected.
    assert.equal((await fits.arrayBuffer()).byteLength, limits.bodyBytesMax);
    const answer = await send(limits.bodyBytesMax + 1);
    assert.deepEqual([answer.status, answer.headers.get('connection')], [413, 'close']);
    assert.equal(((await answer.json()) as { code: string }).code, 'request.too-large');
    assert.equal(seen.length, 1);
  });

  it('is answered with an id of ours and the security fields, whatever becomes of it', async () => {
    const { started } = startEcho();
    await using http = await started;
    const cached = ['/cached', '/listed', '/implicit'];
    for (const path of ['/echo', '/nothing', '/%zz', '/hijacked', ...cached]) {
      const answer = await fetch(http.url + path, {
        headers: { 'x-request-id': 'theirs', origin: 'https://elsewhere.example' },
      });
      await answer.text();
      assert.match(answer.headers.get('x-request-id') ?? '', /^req_[0-9a-f]{32}$/, path);
      assert.equal(answer.headers.get('cache-control'), cached.includes(path) ? 'max-age=60' : 'no-store', path);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(answer.headers.get('referrer-policy'), 'no-referrer', path);
      assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'", path);
      assert.equal(answer.headers.get('access-control-allow-origin'), null, path);
      assert.equal(answer.headers.get('server') ?? answer.headers.get('x-powered-by'), null, path);
    }
  });
});

describe('requests at once', () => {
  const startHolding = async (requestsInFlightMax: number) => {
    const held: (() => void)[] = [];
    const http = await startHttp(
      (app) => {
        app.get('/hold', async () => {
          await new Promise<void>((resolve) => held.push(resolve));
          return '{}';
        });
      },
      { requestsInFlightMax },
    );
    return { http, held };
  };

  it('are bounded: one more is told to come back, and the bound is free again afterwards', async () => {
    const { http, held } = await startHolding(2);
    await using _http = http;
    const waiting = [fetch(`${http.url}/hold`), fetch(`${http.url}/hold`)];
    await eventually('two are held', () => held.length === 2);
    const refused = await fetch(`${http.url}/hold`);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
    assert.equal(((await refused.json()) as { code: string }).code, 'platform.overloaded');
    held.forEach((release) => release());
    for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200);
    await eventually('nothing is under way', () => http.app.openRequests.inFlight === 0);
    assert.equal(held.length, 2, 'the refused one never reached its handler');
  });

  it('are refused above the bound whatever their address is', async () => {
    await using http = await startHttp(() => undefined, { requestsInFlightMax: 0 });
    for (const path of ['/nothing', '/%zz', '/%']) {
      const answer = await fetch(http.url + path);
      assert.deepEqual(
        [answer.status, ((await answer.json()) as { code: string }).code],
        [503, 'platform.overloaded'],
        path,
      );
    }
    assert.equal(http.app.openRequests.inFlight, 0);
  });

  it('leave nothing behind when their connection goes, not even pipelined ones', async () => {
    const { http, held } = await startHolding(100);
    await using _http = http;
    const socket = connect(http.port, '127.0.0.1');
    socket.write('GET /hold HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(10));
    await eventually('the first of ten is under way', () => http.app.openRequests.inFlight === 1 && held.length === 1);
    socket.destroy();
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    held.forEach((release) => release());
    assert.equal((await fetch(`${http.url}/nothing`)).status, 404);
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.equal(held.length, 1, 'nothing came of the others');
  });
});

describe('the bodies of all requests together', () => {
  /** `POST /echo` for the caller of a tenant that the request names. */
  const startTenants = () =>
    startHttp((app) => {
      app.addHook('onRequest', async (request) => {
        const { 'x-tenant': slug } = request.headers;
        if (typeof slug === 'string') request.context.caller = callerOf(slug);
      });
      app.post('/echo', (request, reply) => void reply.type('application/json').send(request.body));
      app.post('/unauthenticated', (_request, reply) => reply.hijack());
    });
  const of = (slug: string, fields: string): string => `X-Tenant: ${slug}\r\n${fields}`;
  const length = `Content-Length: ${limits.bodyBytesMax}`;
  const fields = [length, 'Transfer-Encoding: chunked'];
  const large = '"'.padEnd(limits.smallBodyBytesMax, 'x') + '"';
  const holding = (port: number, slug: string, bytesMax: number) =>
    Array.from({ length: Math.floor(bytesMax / limits.bodyBytesMax) }, (_, at) =>
      announce(port, of(slug, fields[at % fields.length] ?? '')),
    );

  it('are bounded by their announced lengths, for each tenant and for all, until others have gone', async () => {
    await using http = await startTenants();
    const send = (slug: string, body = large): Promise<string> => sendRaw(http.port, post(of(slug, json), body));
    const half = holding(http.port, 'one', limits.tenantBodyBytesInFlightMax);
    await eventually('those of one are under way', () => http.app.openRequests.inFlight === half.length);
    assert.match(await send('one'), /^HTTP\/1\.1 503 [^]*"code":"platform.overloaded"/);
    assert.match(await send('one', '{}'), /^HTTP\/1\.1 200 /);
    assert.match(await send('two'), /^HTTP\/1\.1 200 /);
    const rest = holding(http.port, 'two', limits.bodyBytesInFlightMax - limits.tenantBodyBytesInFlightMax);
    await eventually('all are under way', () => http.app.openRequests.inFlight === half.length + rest.length);
    assert.match(await send('three'), /^HTTP\/1\.1 503 [^]*"code":"platform.overloaded"/);
    half.pop()?.socket.destroy();
    await eventually('one has gone', () => http.app.openRequests.inFlight === half.length + rest.length);
    for (const slug of ['one', 'three']) assert.match(await send(slug), /^HTTP\/1\.1 200 /);
    assert.ok([...half, ...rest].every(({ answer }) => answer() === ''));
    for (const { socket } of [...half, ...rest]) socket.destroy();
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.match(await send('one'), /^HTTP\/1\.1 200 /);
  });

  it('take no bytes of the budget of callers when no caller is known, and hold up no request', async () => {
    await using http = await startTenants();
    const count = 2 * Math.ceil(limits.bodyBytesInFlightMax / limits.bodyBytesMax);
    const outsiders = Array.from({ length: count }, () => announce(http.port, length, '/unauthenticated'));
    await eventually('all are under way', () => http.app.openRequests.inFlight === count);
    assert.match(await sendRaw(http.port, post(of('one', json), large)), /^HTTP\/1\.1 200 /);
    const lost = announce(http.port, length, '/nothing');
    await eventually('an answer without the body', () => lost.answer().startsWith('HTTP/1.1 404 '));
    for (const { socket } of [...outsiders, lost]) socket.destroy();
  });
});

function callerOf(slug: string): Caller {
  return {
    principal: { kind: 'oauth-client', id: slug },
    ...ownRights,
    tenant: { id: `tnt_${slug}` as const, slug },
    scopes: new Set(),
    requestId: 'req_1',
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
  };
}
