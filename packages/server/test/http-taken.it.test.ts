/**
 * Guarantee: a connection that is taken from Node's HTTP for a long answer is answered, counted and logged like any other, belongs to
 * that answer alone, and holds nothing up when the process leaves.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventually, heldBytes } from '@colloquy/testkit';
import type { TakenConnection } from '../src/surfaces/http/index.ts';
import { startHttp } from './access-http-fixture.ts';
import type { HttpFixture } from './access-http-fixture.ts';

const request = (target: string, version = '1.1'): string =>
  `GET ${target} HTTP/${version}\r\nHost: x\r\nX-Request-Id: mine\r\n\r\n`;

interface Setting extends AsyncDisposable {
  readonly http: HttpFixture;
  /** What came of each try to take a connection, in order. */
  readonly tries: (TakenConnection | null)[];
  /** How often the answer was told that its connection is gone. */
  readonly closed: { count: number };
}

/** `/long`, `/kept` (keep-alive) and `/open` (without an end) write a word, then try to take their connection; Node answers `/short`. */
async function startLong(): Promise<Setting> {
  const tries: (TakenConnection | null)[] = [];
  const closed = { count: 0 };
  const config = { endpoint: { surface: 'test', operation: 'long' } };
  // Made outside of the handler, so that it holds no request.
  const listener = { drained: () => undefined, closed: () => (closed.count += 1) };
  const http = await startHttp(
    (app) => {
      app.get('/short', (_request, reply) => void reply.send('{}'));
      const answer = (asked: FastifyRequest, reply: FastifyReply): void => {
        reply.hijack();
        if (asked.url === '/long') reply.raw.shouldKeepAlive = false;
        reply.raw.writeHead(200, { 'content-type': 'text/plain' });
        reply.raw.write('word ');
        app.openRequests.becomeStream(asked.context);
        setImmediate(() => {
          const connection = app.openRequests.take(asked.context, listener);
          tries.push(connection);
          if (connection === null && asked.url !== '/open') reply.raw.end('end');
        });
      };
      app.get('/long', { config }, answer);
      app.get('/kept', { config }, answer);
      app.get('/open', { config }, answer);
    },
    { level: 'debug' },
  );
  return { http, tries, closed, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

async function takenOf({ http, tries }: Setting): Promise<{ socket: Socket; connection: TakenConnection }> {
  const socket = connect(http.port, '127.0.0.1').on('error', () => undefined);
  socket.write(request('/long'));
  await eventually('the connection is taken', () => tries.length === 1);
  const [connection] = tries;
  assert.ok(connection !== null && connection !== undefined);
  return { socket, connection };
}

const linesOf = ({ http }: Setting) => http.lines.filter(({ operation }) => operation === 'long');

describe('a taken connection', () => {
  it('answers to its end, and its request is counted and logged once, as answered', async () => {
    await using setting = await startLong();
    const { socket, connection } = await takenOf(setting);
    const answer = text(socket);
    connection.write('after ');
    connection.end('end');
    connection.end('again');
    assert.match(await answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n5\r\nword \r\n6\r\nafter \r\n3\r\nend\r\n0\r\n\r\n$/);
    await eventually('the end of the request', () => linesOf(setting).length === 1);
    const [line] = linesOf(setting);
    assert.equal(line?.['status'], 200);
    assert.equal(line?.['clientReference'], 'mine');
    assert.equal(setting.closed.count, 1);
    const { text: counted } = await setting.http.metrics.expose();
    assert.match(counted, /operation="long",status="200"[^\n]* 1$/m);
  });

  it('ends when its reader leaves or sends FIN, and its request is logged as abandoned', async () => {
    for (const leave of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.end()]) {
      await using setting = await startLong();
      const { socket } = await takenOf(setting);
      leave(socket);
      await eventually('the end of the request', () => linesOf(setting).length === 1);
      assert.equal(linesOf(setting)[0]?.['status'], 499);
      assert.equal(setting.closed.count, 1);
      socket.destroy();
    }
  });

  it('answers no request that comes after its own', async () => {
    await using setting = await startLong();
    const { socket, connection } = await takenOf(setting);
    const answer = text(socket);
    socket.write(request('/short'));
    await new Promise((resolve) => setImmediate(resolve));
    connection.end('end');
    assert.equal((await answer).split('HTTP/1.1').length, 2);
    assert.equal(setting.http.lines.length, 1);
  });

  it('holds nothing up when the process leaves', async () => {
    const setting = await startLong();
    const { socket, connection } = await takenOf(setting);
    const isClosed = once(socket, 'close');
    const gone = setting.http.app.close();
    connection.end();
    socket.resume();
    await Promise.all([gone, isClosed]);
    assert.equal(setting.closed.count, 1);
  });
});

describe('the memory of long answers', () => {
  it('is a third less, at both ends together, when their connections are taken', async () => {
    const count = 200;
    const bytesEach = async (path: string): Promise<number> => {
      await using setting = await startLong();
      const { http, tries } = setting;
      const sockets: Socket[] = [];
      const openUpTo = async (total: number): Promise<void> => {
        while (sockets.length < total) {
          const socket = connect(http.port, '127.0.0.1').on('error', () => undefined);
          socket.write(request(path));
          sockets.push(socket);
        }
        await eventually('the answers have begun', () => tries.length === total);
      };
      await openUpTo(10);
      const before = heldBytes();
      await openUpTo(10 + count);
      const bytes = (heldBytes() - before) / count;
      for (const socket of sockets) socket.destroy();
      return bytes;
    };
    const [taken, open] = [await bytesEach('/long'), await bytesEach('/open')];
    assert.ok(taken < (open * 2) / 3, `${taken.toFixed(0)} bytes for each instead of ${open.toFixed(0)}`);
  });
});

describe('a connection', () => {
  it('is not taken while another request waits on it, and none of them stays behind', async () => {
    await using setting = await startLong();
    const socket = connect(setting.http.port, '127.0.0.1');
    socket.write(request('/long') + request('/short'));
    assert.match(await text(socket), /end\r\n0\r\n\r\n$/);
    assert.deepEqual(setting.tries, [null]);
    await eventually('nothing is under way', () => setting.http.app.openRequests.inFlight === 0);
    assert.equal(setting.http.lines.length, 2);
  });

  it('is not taken when its client may send the next request on it, which is then answered', async () => {
    await using setting = await startLong();
    const socket = connect(setting.http.port, '127.0.0.1');
    let answers = '';
    socket.on('data', (bytes) => (answers += String(bytes)));
    socket.write(request('/kept'));
    await eventually('the first answer', () => answers.includes('end'));
    socket.write(request('/short'));
    await eventually('the second answer', () => answers.endsWith('{}'));
    assert.deepEqual(setting.tries, [null]);
    socket.destroy();
  });

  it('is not taken for a caller that knows no chunks', async () => {
    await using setting = await startLong();
    const socket = connect(setting.http.port, '127.0.0.1');
    socket.write(request('/long', '1.0'));
    assert.match(await text(socket), /word end$/);
    assert.deepEqual(setting.tries, [null]);
  });
});
