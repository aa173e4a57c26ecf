/**
 * Guarantee (T29, T31): a client that only holds connections displaces only others of its kind; a body arrives at a pace or not at all; and
 * no request that follows a doubtful one on its connection is served.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { Caller } from '../src/kernel/caller.ts';
import { limits } from '../src/kernel/limits.ts';
import { Connections } from '../src/surfaces/http/connections.ts';
import { sendRaw, startHttp } from './access-http-fixture.ts';
import type { HttpFixture } from './access-http-fixture.ts';

class Closable {
  isClosed = false;
  destroy(): void {
    this.isClosed = true;
  }
}

/** Sockets that are only closed. */
const sockets = (count: number): (Closable & Socket)[] =>
  Array.from({ length: count }, () => new Closable() as Closable & Socket);

const closedOf = (all: readonly Closable[]): number[] => all.flatMap(({ isClosed }, at) => (isClosed ? [at] : []));

describe('unauthenticated connections', () => {
  it('close the oldest of the same address, or /64, when there are too many; callers and proxies are never among them', () => {
    const connections = new Connections({
      unauthenticatedPerAddressMax: 2,
      unauthenticatedMax: 100,
      perCallerMax: 100,
    });
    const all = sockets(8);
    const addresses = ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1', null, null, null, '192.0.2.1'];
    for (const [at, socket] of all.entries()) {
      if (at === 7) connections.keep(all[1] ?? socket, 'cli');
      connections.add(socket, addresses[at] ?? null);
    }
    assert.deepEqual(closedOf(all), [0]);
    const six = sockets(4);
    const networks = ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:db8:0:1::1', '2001:db8::3'];
    for (const [at, socket] of six.entries()) connections.add(socket, networks[at] ?? null);
    assert.deepEqual(closedOf(six), [0]);
  });

  it('close the oldest of all when there are too many from everywhere', () => {
    const connections = new Connections({ unauthenticatedPerAddressMax: 2, unauthenticatedMax: 3, perCallerMax: 100 });
    const all = sockets(5);
    for (const [at, socket] of all.entries()) connections.add(socket, `192.0.2.${String(at)}`);
    assert.deepEqual(closedOf(all), [0, 1]);
    for (const socket of all) connections.leave(socket);
    assert.equal(connections.unauthenticated, 0);
  });
});

describe('connections of a caller', () => {
  const bounds = { unauthenticatedPerAddressMax: 100, unauthenticatedMax: 2, perCallerMax: 2 };

  it('are kept up to their bound; more of them are closed as unauthenticated ones are, and one that closes makes room', () => {
    const connections = new Connections(bounds);
    const all = sockets(6);
    const mine = all.slice(0, 5);
    for (const socket of mine) {
      connections.add(socket, '192.0.2.1');
      connections.keep(socket, 'cli_1');
      connections.keep(socket, 'cli_1');
    }
    assert.deepEqual(
      [connections.keptBy('cli_1'), closedOf(all)],
      [2, [2]],
      'the oldest of three that it may not keep',
    );
    const [first, , , , fifth] = all;
    assert.ok(first !== undefined && fifth !== undefined);
    connections.leave(first);
    connections.leave(first);
    assert.equal(connections.keptBy('cli_1'), 1);
    connections.keep(fifth, 'cli_1');
    assert.deepEqual([connections.keptBy('cli_1'), connections.unauthenticated], [2, 1]);
    for (const socket of all) connections.leave(socket);
    assert.deepEqual([connections.keptBy('cli_1'), connections.unauthenticated, closedOf(all)], [0, 0, [2]]);
  });

  it('take no room of another caller, nor of a trusted proxy that brings them', () => {
    const connections = new Connections(bounds);
    const all = sockets(6);
    for (const [at, socket] of all.entries()) {
      connections.add(socket, at < 2 ? '192.0.2.1' : at < 4 ? '192.0.2.2' : null);
      connections.keep(socket, at < 2 || at >= 4 ? 'cli_1' : 'cli_2');
    }
    assert.deepEqual([connections.keptBy('cli_1'), connections.keptBy('cli_2')], [2, 2]);
    assert.deepEqual([connections.unauthenticated, closedOf(all)], [0, []]);
  });
});

interface Echo extends AsyncDisposable {
  readonly http: HttpFixture;
  readonly clock: FakeClock;
  readonly bodies: string[];
}

async function startEcho(): Promise<Echo> {
  const clock = new FakeClock();
  const bodies: string[] = [];
  const http = await startHttp(
    (app) => {
      app.addHook('onRequest', async (request) => {
        if (request.headers.authorization !== undefined)
          request.context.caller = { principal: { id: 'cli' }, tenant: { id: 'tnt' } } as unknown as Caller;
        else throw new Error('unauthenticated');
      });
      app.post('/echo', (request, reply) => {
        bodies.push(String(request.body));
        void reply.type('application/json').send(request.body);
      });
    },
    { clock },
  );
  return { http, clock, bodies, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

const head = (fields: string, who = 'Authorization: me\r\n'): string =>
  `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${who}${fields}\r\n\r\n`;

const open = (port: number, bytes: string) => {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write(bytes);
  return { socket, answer: text(socket).catch(() => '') };
};

const second = head('Content-Length: 4') + '"no"';

describe('a body', () => {
  it('that comes in too slowly is answered 408 while one at a pace is taken to its end', async () => {
    await using echo = await startEcho();
    const { http, clock, bodies } = echo;
    const connections: Socket[] = [];
    http.app.server.on('connection', (socket) => connections.push(socket));
    const fast = open(http.port, head('Content-Length: 30000'));
    await eventually('it is under way', () => http.app.openRequests.inFlight === 1);
    const slow = open(http.port, head('Content-Length: 30000'));
    await eventually('both are under way', () => http.app.openRequests.inFlight === 2);
    fast.socket.write('"');
    for (let round = 1; round <= 4; round += 1) {
      fast.socket.write('x'.repeat(6_000));
      slow.socket.write('x');
      await eventually('it has come in', () => (connections[0]?.bytesRead ?? 0) > round * 6_000);
      for (let step = 0; step < 5; step += 1) await clock.advance(1_000);
    }
    assert.match(await slow.answer, /^HTTP\/1\.1 408 /);
    fast.socket.write(`${'x'.repeat(30_000 - 2 - 24_000)}"`);
    await eventually('the other is there', () => bodies.length === 1);
    fast.socket.destroy();
    await eventually('nothing is under way', () => http.app.openRequests.inFlight === 0);
  });

  it('is asked for only when its sender is authenticated', async () => {
    await using echo = await startEcho();
    const { http, bodies } = echo;
    const known = open(http.port, head('Content-Length: 2\r\nExpect: 100-continue'));
    const [first] = (await once(known.socket, 'data')) as [Buffer];
    assert.match(String(first), /^HTTP\/1\.1 100 /);
    known.socket.end('{}');
    await eventually('it is taken', () => bodies.length === 1);
    const outsider = open(http.port, head('Content-Length: 2\r\nExpect: 100-continue', ''));
    assert.match(await outsider.answer, /^HTTP\/1\.1 500 /, 'and no 100 before it');
    assert.equal(bodies.length, 1);
  });

  it('that no handler needs any more is awaited for only a moment', async () => {
    await using echo = await startEcho();
    const { http, clock } = echo;
    const refused = open(http.port, head('Content-Length: 1000', ''));
    const [first] = (await once(refused.socket, 'data')) as [Buffer];
    assert.match(String(first), /^HTTP\/1\.1 500 /);
    await eventually('its end is set', () => http.app.openRequests.inFlight === 0);
    await clock.advance(limits.unwantedBodyMs);
    await refused.answer;
    assert.equal(echo.bodies.length, 0);
  });
});

/** What comes before `second` on one connection. */
const doubtful: Readonly<Record<string, string>> = {
  'a body in chunks': `${head('Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\n\r\n`,
  'a chunk with an extension': `${head('Transfer-Encoding: chunked')}2;a="\\""\r\n{}\r\n0\r\n\r\n`,
  'a trailer': `${head('Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\nAuthorization: other\r\n\r\n`,
  'an announced end': `${head('Content-Length: 2\r\nConnection: close')}{}`,
  'an upgrade to HTTP/2': `${head('Content-Length: 2\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__')}{}`,
  'a body with GET': `GET /echo HTTP/1.1\r\nHost: x\r\nAuthorization: me\r\nContent-Length: ${String(second.length)}\r\n\r\n`,
  'an end of HTTP/1.0': `POST /echo HTTP/1.0\r\nHost: x\r\nAuthorization: me\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
};

describe('the request that follows on the connection of', () => {
  for (const [what, first] of Object.entries(doubtful)) {
    it(`${what} is not done`, async () => {
      await using echo = await startEcho();
      const answer = await sendRaw(echo.http.port, first + second);
      assert.ok(!echo.bodies.includes('"no"'), `${what}: ${answer}`);
      assert.doesNotMatch(answer, /"no"/);
      await eventually('nothing is under way', () => echo.http.app.openRequests.inFlight === 0);
      assert.match(
        await sendRaw(echo.http.port, `${head('Content-Length: 3\r\nConnection: close')}"a"`),
        /^HTTP\/1\.1 200 /,
      );
    });
  }
});
