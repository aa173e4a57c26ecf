/** Guarantee: every failed request leaves one line in the log with all that an operator needs, without secrets or the caller's input. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { FastifyInstance } from 'fastify';
import { ByteBudget } from '../src/kernel/byte-budget.ts';
import { errorCatalog } from '../src/kernel/error-catalog.ts';
import type { ErrorCode } from '../src/kernel/error-catalog.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { limits } from '../src/kernel/limits.ts';
import type { Identity, PresentedCredentials } from '../src/modules/access/index.ts';
import { newLimiter } from './limit-setting.ts';
import { createCallerOf } from '../src/surfaces/http/index.ts';
import { startHttp } from './access-http-fixture.ts';
import { ownRights } from './own-rights.ts';

const endpoint = (operation: string) => ({ config: { endpoint: { surface: 'test', operation } } });

const identity: Identity = {
  principal: { kind: 'oauth-client', id: 'cli_1' },
  tenant: { id: 'tnt_1', slug: 'acme' },
  scopes: new Set(['a2a:send']),
  ...ownRights,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  confirmation: null,
};

/** Pinned by hand: a code changes its status here and in the renderer, or not at all. */
const statusByKind: Readonly<Record<string, number>> = {
  invalid: 400,
  unauthenticated: 401,
  'payment-required': 402,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  precondition: 409,
  'too-large': 413,
  unprocessable: 422,
  'rate-limited': 429,
  canceled: 499,
  internal: 500,
  'upstream-failed': 502,
  unavailable: 503,
  'upstream-timeout': 504,
};

const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln';
const secrets = [token, 'cls_verysecret', 'hunter2', 'sk-body-secret', 'query-secret'];

const proofChallenges: Readonly<Partial<Record<ErrorCode, string>>> = {
  'access.proof-invalid': 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA"',
  'access.proof-nonce-needed': 'DPoP error="use_dpop_nonce", algs="ES256 EdDSA"',
};

function registerFailures(app: FastifyInstance): void {
  app.get('/catalog/:code', endpoint('catalog'), (request) => {
    throw new PlatformError((request.params as { code: ErrorCode }).code);
  });
  app.post('/internal', endpoint('internal'), () => {
    const cause = Object.assign(
      new Error(`connect postgresql://user:hunter2@db with Bearer ${token} and cls_verysecret`),
      {
        code: 'ECONNREFUSED',
        detail: 'hunter2',
      },
    );
    throw new TypeError('cannot read it', { cause });
  });
}

describe('a failed request', () => {
  for (const code of Object.keys(errorCatalog) as ErrorCode[]) {
    it(`${code} has its status, its sentence and its line`, async () => {
      await using http = await startHttp(registerFailures, { level: 'debug' });
      const answer = await fetch(`${http.url}/catalog/${code}`);
      const { kind, sentence, retry } = errorCatalog[code];
      const status = code === 'request.unsupported-media-type' ? 415 : statusByKind[kind];
      assert.equal(answer.status, status);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      const problem = (await answer.json()) as Record<string, unknown>;
      assert.deepEqual([problem['code'], problem['detail'], problem['status']], [code, sentence, status]);
      assert.equal(problem['requestId'], answer.headers.get('x-request-id'));
      assert.equal(answer.headers.has('retry-after'), retry.kind === 'after');
      const challenge = proofChallenges[code] ?? 'Bearer';
      assert.equal(answer.headers.get('www-authenticate'), kind === 'unauthenticated' ? challenge : null);
      const line = await eventually('the line is there', () => http.lines[0]);
      assert.deepEqual([line['code'], line['requestId'], line['status']], [code, problem['requestId'], status]);
      assert.equal(http.lines.length, 1);
      assert.match(
        (await http.metrics.expose()).text,
        new RegExp(`colloquy_errors_total\\{code="${code}",surface="test"\\} 1`),
      );
    });
  }

  it('of an unknown cause shows nothing of it, and its line keeps the reason but no secret', async () => {
    await using http = await startHttp(registerFailures);
    const answer = await fetch(`${http.url}/internal?token=query-secret`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', cookie: 'session=hunter2' },
      body: '{"password":"sk-body-secret"}',
    });
    const body = await answer.text();
    assert.equal(answer.status, 500);
    const line = await eventually('the line is there', () => http.lines[0]);
    assert.equal(line['level'], 'error');
    assert.match(String((line['causes'] as string[])[0]), /^TypeError: cannot read it/);
    assert.match(String((line['causes'] as string[])[1]), /^Error ECONNREFUSED: connect postgresql…db with … and …$/);
    assert.match(String(line['place']), /^access-http-failures\.it\.test\.ts:\d+$/);
    for (const text of [body, http.logText()]) {
      for (const secret of secrets) assert.equal(text.includes(secret), false, `${secret} in ${text}`);
      assert.doesNotMatch(text, /\n\s+at |\/packages\/|node:internal|stack/);
    }
  });

  it('keeps to one line, whatever the caller puts into it', async () => {
    await using http = await startHttp(registerFailures);
    const hostile = ['a\u009b31m', 'a b', '{"level":"error"}', 'x'.repeat(65), '%0d%0aadmin'];
    for (const reference of [...hostile, 'order-17.retry_2']) {
      const socket = connect(http.port, '127.0.0.1');
      socket.end(`GET /%0d%0aforged HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: ${reference}\r\n\r\n`);
      await once(socket.resume(), 'close');
    }
    const lines = await eventually('all lines are there', () => http.lines.length === hostile.length + 1 && http.lines);
    const accepted = lines
      .filter((line) => line['code'] === 'request.unknown-address')
      .map((line) => line['clientReference']);
    assert.deepEqual(
      accepted.filter((reference) => reference !== undefined),
      ['order-17.retry_2'],
    );
    assert.equal(http.logText().trimEnd().split('\n').length, hostile.length + 1);
    assert.doesNotMatch(http.logText(), /forged|\u009b/);
  });

  it('that succeeds leaves no line, and one at level debug', async () => {
    const register = (app: FastifyInstance): void =>
      void app.get('/fine', endpoint('fine'), (_request, reply) => reply.send('{}'));
    await using quiet = await startHttp(register);
    await using loud = await startHttp(register, { level: 'debug' });
    for (const { url } of [quiet, loud]) assert.equal((await fetch(`${url}/fine`)).status, 200);
    const line = await eventually('the line is there', () => loud.lines[0]);
    assert.deepEqual([line['level'], line['operation'], line['status']], ['debug', 'fine', 200]);
    assert.equal(quiet.lines.length, 0);
    const requests = /colloquy_http_requests_total\{surface="test",operation="fine",status="200"\} 1/;
    assert.match((await quiet.metrics.expose()).text, requests);
  });
});

describe('the caller of a request', () => {
  it('has a signal that is aborted when the client no longer waits, and only then', async () => {
    const signals: AbortSignal[] = [];
    const callerOf = createCallerOf({
      authenticator: { authenticate: () => identity },
      limiter: newLimiter({ clock: new FakeClock() }),
      publicUrl: 'https://colloquy.example',
    });
    await using http = await startHttp((app) => {
      app.get('/quick', async (request) => {
        signals.push((await callerOf(request)).signal);
        return '{}';
      });
      app.get('/slow', async (request) => {
        const { signal } = await callerOf(request);
        signals.push(signal);
        await once(signal, 'abort');
        return '{}';
      });
    });
    await (await fetch(`${http.url}/quick`)).text();
    const socket = connect(http.port, '127.0.0.1');
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('the slow one is under way', () => signals.length === 2);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false, false],
    );
    socket.destroy();
    await eventually('the slow one is told', () => signals[1]?.aborted);
    assert.equal(signals[0]?.aborted, false);
    assert.match((await http.metrics.expose()).text, /operation="unknown-address",status="499"\} 1/);
  });

  it('is refused once the client has gone, so that nothing is counted for it that is never given back', async () => {
    const budget = new ByteBudget({ clock: new FakeClock(), bytesMax: limits.heldBytesMax });
    const known = Promise.withResolvers<Identity>();
    let isAsked = false;
    const callerOf = createCallerOf({
      authenticator: {
        authenticate: () => {
          isAsked = true;
          return known.promise;
        },
      },
      limiter: newLimiter({ clock: new FakeClock() }),
      publicUrl: 'https://colloquy.example',
      budget,
    });
    const outcomes: unknown[] = [];
    await using http = await startHttp((app) => {
      app.get('/late', async (request) => {
        const asking = Promise.resolve(callerOf(request));
        void asking.then(
          ({ held }) => outcomes.push(held?.add(1_000_000)),
          (error: unknown) => outcomes.push(error),
        );
        await asking;
        return '{}';
      });
    });
    const socket = connect(http.port, '127.0.0.1');
    socket.write('GET /late HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('it is under way', () => isAsked);
    socket.destroy();
    const isAbandoned = async () => (await http.metrics.expose()).text.includes('status="499"} 1');
    await eventually('it is over', isAbandoned);
    known.resolve(identity);
    await eventually('it is told', () => outcomes.length === 1);
    assert.ok(outcomes[0] instanceof PlatformError && outcomes[0].code === 'request.canceled');
    assert.equal(budget.bytesOf.callers, 0);
  });

  it('is slowed down alone when it asks too often, and not for long', async () => {
    const clock = new FakeClock();
    const byHeader = {
      authenticate: ({ authorization: id = '' }: PresentedCredentials) => ({
        ...identity,
        principal: { ...identity.principal, id },
      }),
    };
    const callerOf = createCallerOf({
      authenticator: byHeader,
      limiter: newLimiter({ clock, defaults: { client: { perSecond: 3, burst: 3 } } }),
      publicUrl: 'https://colloquy.example',
    });
    await using http = await startHttp((app) => {
      app.get('/who', async (request) => {
        const caller = await callerOf(request);
        assert.equal(await callerOf(request), caller, 'asking twice is one request');
        return JSON.stringify(caller.principal.id);
      });
    });
    const ask = (authorization: string) => fetch(`${http.url}/who`, { headers: { authorization } });
    for (let i = 0; i < 3; i += 1) assert.equal((await ask('a')).status, 200);
    const refused = await ask('a');
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    assert.equal((await ask('b')).status, 200);
    await clock.advance(1_000);
    assert.equal((await ask('a')).status, 200);
  });
});
