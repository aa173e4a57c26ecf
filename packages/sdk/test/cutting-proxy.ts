import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A TCP proxy that cuts connections. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Each entry cuts the next connection without an entry of its own after so many bytes of answer. */
  cutAfter(bytes: number): void;
  /** Cuts every connection that is open now, so that nothing goes over one that was opened earlier. */
  cutNow(): void;
  /** Refuses every connection from now on, or accepts them again. */
  refuse(all: boolean): void;
}

/** Forwards to a port of this machine. Cuts are resets: the reader never sees an orderly end. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const cuts: number[] = [];
  let connections = 0;
  let refusing = false;
  const server = createServer((client) => {
    connections += 1;
    if (refusing) return void client.resetAndDestroy();
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    let left = cuts.shift() ?? Number.POSITIVE_INFINITY;
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
    upstream.on('data', (chunk) => {
      const piece = chunk.subarray(0, left);
      left -= piece.length;
      client.write(piece, () => left === 0 && client.resetAndDestroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return connections;
    },
    cutAfter: (bytes) => void cuts.push(bytes),
    cutNow: () => {
      for (const socket of sockets) socket.destroy();
    },
    refuse: (all) => {
      refusing = all;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
