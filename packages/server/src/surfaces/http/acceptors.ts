import { createServer } from 'node:net';
import type { ListenOptions, Server, Socket } from 'node:net';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Connections that the kernel keeps until they are accepted, for each socket that listens. */
  readonly backlog: number;
  /** Another socket of this process keeps the port, and shares it. */
  readonly isKept?: boolean;
}

/** How a server is told to listen; with `reusePort` others of this process may listen there too. */
export type ListenRequest = ListenAddress & { readonly reusePort?: true };

/** Whether several sockets of one process can listen at one address, and the kernel shares its connections among them (SO_REUSEPORT). */
const isShared = process.platform === 'linux';

/**
 * The sockets that listen for one server. Node accepts one connection in a turn of its event loop at each of them (since libuv 1.45), and a
 * busy process has some fifty turns in a second: with one socket, callers that come all at once wait in the kernel for many seconds,
 * however little they want. Where an address can not be shared there is one.
 */
export class Acceptors {
  readonly #server: Server;
  readonly #allowHalfOpen: boolean;
  readonly #count: number;
  readonly #further: Server[] = [];

  /**
   * @param allowHalfOpen As the server itself takes its connections; Node's HTTP server does so, and none that speaks TLS.
   * @param count Sockets in all, 1 at least.
   */
  constructor(server: Server, allowHalfOpen: boolean, count: number) {
    this.#server = server;
    this.#allowHalfOpen = allowHalfOpen;
    this.#count = isShared ? count : 1;
  }

  /**
   * Listens. `listen` is how the server itself does so. Rejects as it does when the address is not to be had; also when
   * another process shares its own, which the kernel would allow.
   */
  async listen(
    { host, port, backlog, isKept = false }: ListenAddress,
    listen: (request: ListenRequest) => Promise<unknown>,
  ): Promise<void> {
    if (this.#count === 1) return void (await listen({ host, port, backlog }));
    if (port !== 0 && !isKept) await assertFree(host, port);
    await listen({ host, port, backlog, reusePort: true });
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') return;
    while (this.#further.length < this.#count - 1) {
      const further = createServer({ allowHalfOpen: this.#allowHalfOpen, noDelay: true }, this.#pass);
      this.#further.push(further);
      await listening(further, { host: bound.address, port: bound.port, backlog, reusePort: true });
    }
  }

  /** Listens no more, but for the server's own socket; resolves when the connections that came here are over. */
  async close(): Promise<void> {
    const open = this.#further.splice(0).filter(({ listening: isListening }) => isListening);
    await Promise.all(open.map((further) => new Promise((resolve) => further.close(resolve))));
  }

  readonly #pass = (socket: Socket): void => void this.#server.emit('connection', socket);
}

/** Rejects when anybody listens at the address. */
async function assertFree(host: string, port: number): Promise<void> {
  const probe = createServer((socket) => socket.destroy());
  await listening(probe, { host, port, exclusive: true });
  await new Promise((resolve) => probe.close(resolve));
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
