/** Guarantee (T31): requests that a client sends ahead on one connection are served in order, one by one, and count as one. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createTestAuthority, eventually, FakeClock } from '@colloquy/testkit';
import type { FastifyInstance } from 'fastify';
import { limits } from '../src/kernel/limits.ts';
import { sendRaw, startHttp } from './access-http-fixture.ts';
import type { HttpFixtureOptions } from './access-http-fixture.ts';
import type { PromptClient } from './prompt-client.ts';

interface Held {
  readonly name: string;
  readonly release: () => void;
}

/** `GET /hold/<name>` is answered with its name when it is released; so is `POST /hold/<name>` once its body is there. */
async function startHolding(options: HttpFixtureOptions = {}) {
  const held: Held[] = [];
  const http = await startHttp((app) => {
    app.route<{ Params: { name: string } }>({
      method: ['GET', 'POST', 'DELETE'],
      url: '/hold/:name',
      config: { endpoint: { surface: 'test', operation: 'hold' } },
      handler: async ({ params: { name } }) => {
        await new Promise<void>((release) => held.push({ name, release }));
        return `<${name}>`;
      },
    });
  }, options);
  return { http, held };
}

const get = (name: string | number, fields = ''): string => `GET /hold/${name} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const json = 'Content-Type: application/json\r\n';
const post = (name: string, bodyBytes: number): string =>
  `POST /hold/${name} HTTP/1.1\r\nHost: x\r\n${json}Content-Length: ${bodyBytes}\r\n\r\n"${'x'.repeat(bodyBytes - 2)}"`;
const named = (answers: string): readonly string[] => [...answers.matchAll(/<(\w+)>/g)].map(([, name = '']) => name);
const statusesOf = (answers: string): readonly string[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);

describe('requests sent ahead on a connection', () => {
  it('are served one after another, in their order', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const names = Array.from({ length: limits.requestsAheadMax }, (_, at) => String(at));
    const last = get(names.length - 1, 'Connection: close\r\n');
    const answers = sendRaw(
      http.port,
      names
        .slice(0, -1)
        .map((name) => get(name))
        .join('') + last,
    );
    for (const name of names) {
      await eventually(`${name} has its turn`, () => held.at(-1)?.name === name);
      assert.equal(http.app.openRequests.inFlight, 1);
      held.at(-1)?.release();
    }
    assert.deepEqual(named(await answers), names);
    assert.equal(held.length, names.length, 'each reached its handler once');
  });

  it('leave the room to others: many of them are one request under way', async () => {
    const { http, held } = await startHolding({ requestsInFlightMax: 2 });
    await using _http = http;
    const socket = connect(http.port, '127.0.0.1');
    socket.write(get('ahead').repeat(limits.requestsAheadMax));
    await eventually('the first has its turn', () => held.length === 1);
    const other = fetch(`${http.url}/hold/other`);
    await eventually('another client is served', () => held.length === 2);
    assert.equal(held[1]?.name, 'other');
    held[1].release();
    assert.equal((await other).status, 200);
    socket.destroy();
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    held[0]?.release();
    assert.equal((await fetch(`${http.url}/nothing`)).status, 404);
    assert.equal(held.length, 2, 'nothing came of those whose connection has gone');
  });

  it('are bounded: one too many is refused when it is due, and neither it nor a later request has an effect', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const answers = sendRaw(http.port, get('ahead').repeat(limits.requestsOpenMax));
    for (let at = 0; at < limits.requestsAheadMax; at += 1) {
      await eventually(`${at} has its turn`, () => held.length === at + 1);
      held[at]?.release();
    }
    const statuses = statusesOf(await answers);
    assert.deepEqual(statuses, [...Array.from({ length: limits.requestsAheadMax }, () => '200'), '503']);
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.equal(held.length, limits.requestsAheadMax);
  });

  it('end a connection at once that brings many more, with next to nothing done for them', async () => {
    const { http, held } = await startHolding({ level: 'debug' });
    await using _http = http;
    assert.equal(await sendRaw(http.port, get('ahead').repeat(1_500)), '');
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.equal(held.length, 1);
    assert.equal(http.lines.length, limits.requestsOpenMax + 1, 'the others were never read');
    assert.deepEqual([...new Set(http.lines.map(({ operation }) => operation))], ['hold']);
  });

  for (const [what, ahead] of Object.entries({
    'a large body': [post('ahead', limits.bytesAheadMax)],
    'a body of unknown length': [
      `POST /hold/ahead HTTP/1.1\r\nHost: x\r\n${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    'bodies that are large together': Array.from({ length: 4 }, () => post('ahead', limits.bytesAheadMax / 4)),
    'large fields': Array.from({ length: 4 }, () => get('ahead', `X: ${'x'.repeat(limits.bytesAheadMax / 4)}\r\n`)),
  })) {
    it(`are bounded in bytes: ${what} behind another request is refused in its turn`, async () => {
      const { http, held } = await startHolding();
      await using _http = http;
      const answers = sendRaw(http.port, get('first') + ahead.join('') + get('behind'));
      for (let at = 0; at < ahead.length; at += 1) {
        await eventually(`${at} has its turn`, () => held.length === at + 1);
        held[at]?.release();
      }
      assert.deepEqual(statusesOf(await answers), [...ahead.map(() => '200'), '503']);
      await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
      assert.equal(held.length, ahead.length, 'nothing came of what was refused or behind it');
    });
  }

  it('end a connection at once that brings many more bytes of fields', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const large = get('ahead', `X: ${'x'.repeat(15_000)}\r\n`);
    assert.equal(await sendRaw(http.port, large.repeat(6)), '');
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.equal(held.length, 1);
  });

  it('end a connection with a refused body that is larger than any that is read', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const client = connect(http.port, '127.0.0.1').on('error', () => undefined);
    client.write(`${get('first')}POST /hold/endless HTTP/1.1\r\nHost: x\r\n${json}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`;
    const closed = new Promise<unknown>((resolve) => client.on('close', resolve));
    const send = (): void => {
      while (client.writable && client.write(chunk));
    };
    client.on('drain', send);
    send();
    await closed;
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.ok(client.bytesWritten < 10 * limits.bodyBytesMax, `${client.bytesWritten} bytes were taken`);
    assert.equal(held.length, 1);
  });

  it('are missed when their client leaves, though a body waits with them', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    for (const bytes of [limits.bytesAheadMax / 2, limits.bodyBytesMax]) {
      const before = held.length;
      const socket = connect(http.port, '127.0.0.1').on('error', () => undefined);
      socket.write(get('first') + post('body', bytes));
      await eventually('the first has its turn', () => held.length === before + 1);
      socket.destroy();
      await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
      assert.equal(held.length, before + 1);
    }
  });

  const leave: Readonly<Record<string, (client: Socket, app: FastifyInstance) => void>> = {
    'ends its connection': (client) => void client.end(),
    'resets its connection': (client) => void client.resetAndDestroy(),
    'is cut off': (_client, app) => app.server.closeAllConnections(),
  };
  for (const [what, goAway] of Object.entries(leave)) {
    it(`come to nothing when their client ${what}`, async () => {
      const { http, held } = await startHolding();
      await using _http = http;
      const client = connect(http.port, '127.0.0.1').on('error', () => undefined);
      client.write(get('first') + 'DELETE /hold/second HTTP/1.1\r\nHost: x\r\n\r\n');
      await eventually('the first has its turn', () => held.length === 1);
      goAway(client, http.app);
      await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
      held[0]?.release();
      assert.equal((await fetch(`${http.url}/nothing`)).status, 404);
      await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
      assert.equal(held.length, 1, 'the second never reached its handler');
      assert.deepEqual(
        http.lines.map(({ code }) => code),
        ['request.unknown-address'],
        'nothing is said to have failed',
      );
    });
  }

  it('come to nothing behind one with which the connection ends', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const unclear = 'GET /hold/unclear HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n';
    const answers = sendRaw(http.port, get('first') + unclear + get('behind'));
    await eventually('the first has its turn', () => held.length === 1);
    held[0]?.release();
    assert.deepEqual(statusesOf(await answers), ['200', '400']);
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.deepEqual(
      held.map(({ name }) => name),
      ['first'],
    );
  });

  it('take no answer with them when their bodies come late, and are read to the end when their turn comes', async () => {
    const clock = new FakeClock();
    const { http, held } = await startHolding({ clock });
    await using _http = http;
    let late = 0;
    http.app.server.on('clientError', () => (late += 1));
    Object.assign(http.app.server, { headersTimeout: 100, requestTimeout: 100 });
    const body = post('body', limits.bytesAheadMax / 2);
    const client = connect(http.port, '127.0.0.1');
    client.write(get('first') + body.slice(0, -10));
    await eventually('the first has its turn', () => held.length === 1);
    for (let at = 0; at < 20; at += 1) await clock.advance(1_000);
    await eventually('Node finds the request late', () => late === 1);
    held[0]?.release();
    client.write(body.slice(-10) + get('last', 'Connection: close\r\n'));
    for (let at = 1; at < 3; at += 1) {
      await eventually(`${at} has its turn`, () => held.length === at + 1);
      held[at]?.release();
    }
    assert.deepEqual(named(await text(client)), ['first', 'body', 'last']);
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
  });

  it('come to nothing behind one without a host', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const answers = await sendRaw(http.port, 'GET /hold/hostless HTTP/1.1\r\n\r\n' + get('behind'));
    assert.deepEqual(statusesOf(answers), ['400']);
    assert.match(answers, /"request\.invalid"/);
    await eventually('none is under way', () => http.app.openRequests.inFlight === 0);
    assert.equal(held.length, 0);
  });

  it('do not include a request that a client sends after its answer arrived, even when the server has yet to see that answer leave', async () => {
    const written = new Int32Array(new SharedArrayBuffer(4));
    const certificate = await (await createTestAuthority()).issue();
    const policy = { isTls12Allowed: false, asksForCertificates: false };
    await using http = await startHttp(
      (app) => {
        app.get('/first', (_request, reply) => {
          reply.hijack();
          // Over TLS the server sees the end of this answer one iteration of the event loop later, after the data of the next read.
          setImmediate(() => {
            reply.raw.end('first');
            Atomics.wait(written, 0, 0, 10_000);
          });
        });
        app.post('/second', (_request, reply) => void reply.send('second'));
      },
      { tls: { material: certificate, policy, clientAuthorities: '' } },
    );
    const body = `"${'x'.repeat(limits.bytesAheadMax)}"`;
    const client: PromptClient = {
      port: http.port,
      first: 'GET /first HTTP/1.1\r\nHost: x\r\n\r\n',
      second: `POST /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${json}Content-Length: ${body.length}\r\n\r\n${body}`,
      written,
    };
    const worker = new Worker(new URL('./prompt-client.ts', import.meta.url), { workerData: client, stdout: true });
    const answer = await text(worker.stdout);
    assert.deepEqual(statusesOf(answer), ['200'], answer);
    assert.equal(written[0], 1);
  });
});
