/**
 * Guarantee (T31): a caller keeps a bounded number of connections. What it holds beyond them counts as unauthenticated: it is served,
 * and the first to go when others come.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { eventually, selfSigned } from '@colloquy/testkit';
import type { Caller } from '../src/kernel/caller.ts';
import { startHttp } from './access-http-fixture.ts';
import type { HttpFixture, HttpFixtureOptions } from './access-http-fixture.ts';

const known = { principal: { id: 'cli' }, tenant: { id: 'tnt' } } as unknown as Caller;
const material = await selfSigned();
const policy = { isTls12Allowed: false, asksForCertificates: false };
const ways: Readonly<Record<string, HttpFixtureOptions>> = {
  'plain HTTP': {},
  TLS: { tls: { material, policy, clientAuthorities: '' } },
};

interface Port extends AsyncDisposable {
  readonly http: HttpFixture;
  /** The server's ends of all connections so far. */
  readonly ends: readonly Socket[];
  /** How many streams have a connection of their own. */
  readonly taken: () => number;
}

/** Every request is the same caller's, which keeps two connections; there is room for one unauthenticated connection. */
async function startPort(way: HttpFixtureOptions): Promise<Port> {
  let taken = 0;
  const http = await startHttp(
    (app) => {
      app.addHook('onRequest', async ({ context }) => void (context.caller = known));
      app.get('/mine', async () => ({}));
      app.get('/stream', ({ context }, reply) => {
        reply.hijack();
        const { raw } = reply;
        raw.shouldKeepAlive = false;
        raw.writeHead(200);
        raw.write('said');
        const take = (): void => {
          const connection = app.openRequests.take(context, { drained: () => undefined, closed: () => undefined });
          if (connection === null) setImmediate(take);
          else taken += 1;
        };
        take();
      });
    },
    {
      ...way,
      unauthenticatedConnections: { unauthenticatedPerAddressMax: 100, unauthenticatedMax: 1, perCallerMax: 2 },
    },
  );
  const ends: Socket[] = [];
  http.app.server.on('connection', (socket: Socket) => void ends.push(socket));
  return { http, ends, taken: () => taken, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

async function opened(port: number, isTls: boolean): Promise<Socket> {
  const at = { port, host: '127.0.0.1' };
  const socket = isTls ? connectTls({ ...at, ca: material.certificate, servername: 'localhost' }) : connect(at);
  socket.on('error', () => undefined);
  await once(socket, isTls ? 'secureConnect' : 'connect');
  return socket;
}

async function ask(socket: Socket, path = '/mine'): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n`);
  const gone = once(socket, 'close').then(() => ['HTTP/1.1 gone']);
  const [answer] = (await Promise.race([once(socket, 'data'), gone])) as [unknown];
  return String(answer).slice(9, 13).trim();
}

const openOf = (sockets: readonly Socket[]): boolean[] => sockets.map(({ closed }) => !closed);

describe('connections of one caller', () => {
  for (const [name, way] of Object.entries(ways)) {
    it(`are kept up to the bound over ${name}; the next is served as an unauthenticated one, and one that closes makes room`, async () => {
      await using port = await startPort(way);
      const open = (): Promise<Socket> => opened(port.http.port, way.tls !== undefined);
      const held: Socket[] = [];
      for (let count = 1; count <= 3; count += 1) {
        const socket = await open();
        held.push(socket);
        assert.equal(await ask(socket), '200');
      }
      const [first, second, third] = held;
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      const fourth = await open();
      await eventually('the one that is not kept makes room for the next', () => third.closed);
      for (const socket of [first, second, fourth]) assert.equal(await ask(socket), '200');

      first.destroy();
      await eventually('it has gone', () => port.ends[0]?.closed === true);
      assert.equal(await ask(fourth), '200', 'and is kept from now on');
      const outsider = await open();
      for (const socket of [second, fourth, outsider]) assert.equal(await ask(socket), '200');
      assert.deepEqual(openOf(held), [false, true, false]);
      for (const socket of [second, fourth, outsider]) socket.destroy();
    });
  }

  it('are not among them while they carry a stream, which has a bound of its own', async () => {
    await using port = await startPort({});
    const streams: Socket[] = [];
    for (let count = 1; count <= 4; count += 1) {
      const socket = await opened(port.http.port, false);
      streams.push(socket);
      assert.equal(await ask(socket, '/stream'), '200');
      await eventually('it is taken', () => port.taken() === count);
    }
    const held: Socket[] = [];
    for (let count = 1; count <= 2; count += 1) {
      const socket = await opened(port.http.port, false);
      held.push(socket);
      assert.equal(await ask(socket), '200');
    }
    const outsider = await opened(port.http.port, false);
    for (const socket of [...held, outsider]) assert.equal(await ask(socket), '200');
    assert.deepEqual(openOf([...streams, ...held]), Array(6).fill(true));
    for (const socket of [...streams, ...held, outsider]) socket.destroy();
  });
});
