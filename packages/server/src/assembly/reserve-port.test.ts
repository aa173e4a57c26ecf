/** Guarantee: the port that a process has told others of is its own when it listens there, also when it was free only a moment before. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { reservePort } from './reserve-port.ts';

const host = '127.0.0.1';

async function listening(options: { readonly port: number; readonly reusePort?: boolean }) {
  const server = createServer((socket) => socket.end('served'));
  server.listen({ host, ...options });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe('a reserved port', { skip: process.platform !== 'linux' && 'needs SO_REUSEPORT' }, () => {
  it('is given to no other socket until it is released, and then serves', async () => {
    const reserved = await reservePort({ host, port: 0, isPortFixed: false });
    await assert.rejects(listening({ port: reserved.port }), { code: 'EADDRINUSE' });
    {
      await using server = await listening({ port: reserved.port, reusePort: reserved.isKept });
      await reserved.release();
      const [answer] = (await once(connect(server.port, host).setEncoding('utf8'), 'data')) as [string];
      assert.equal(answer, 'served');
    }
    await reserved.release();
    await using again = await listening({ port: reserved.port });
    assert.equal(again.port, reserved.port);
  });

  it('is another one for each of many that ask at once', async () => {
    const reserved = await Promise.all(
      Array.from({ length: 50 }, () => reservePort({ host, port: 0, isPortFixed: false })),
    );
    assert.equal(new Set(reserved.map(({ port }) => port)).size, 50);
    await Promise.all(reserved.map((one) => one.release()));
  });

  it('is the preferred one while that is free, else any; and the fixed one as it is, busy or not', async () => {
    await using busy = await listening({ port: 0, reusePort: true });
    const other = await reservePort({ host, port: busy.port, isPortFixed: false });
    assert.notEqual(other.port, busy.port);
    await other.release();
    const preferred = await reservePort({ host, port: other.port, isPortFixed: false });
    assert.equal(preferred.port, other.port);
    await preferred.release();
    assert.deepEqual(
      [(await reservePort({ host, port: busy.port, isPortFixed: true })).isKept, busy.port > 0],
      [false, true],
    );
  });
});
