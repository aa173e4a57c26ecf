import { createServer } from 'node:net';
import type { Server } from 'node:net';

/** Listeners that no request may reach, and what reached them all the same. */
export interface Canaries extends AsyncDisposable {
  readonly connections: () => number;
  readonly bytes: () => number;
  /** Ports that they listen at. */
  readonly ports: readonly number[];
}

/** Listens at these ports of these addresses; one that is taken is left out. */
export async function startCanaries(addresses: readonly string[], ports: readonly number[]): Promise<Canaries> {
  let connections = 0;
  let bytes = 0;
  const servers: Server[] = [];
  const open = new Set<number>();
  for (const port of ports) {
    for (const host of addresses) {
      const server = createServer((socket) => {
        connections += 1;
        socket.on('data', (chunk) => {
          bytes += chunk.length;
          socket.destroy();
        });
        socket.on('error', () => undefined);
      });
      if (!(await listens(server, host, port))) continue;
      servers.push(server);
      open.add(port);
    }
  }
  return {
    connections: () => connections,
    bytes: () => bytes,
    ports: [...open],
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function listens(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => resolve(true));
  });
}
