import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { ListenConfig } from '../config/config.ts';

/** A port of this process. Its address is part of tokens and cards, so it has to be known before the server is built. */
export interface ReservedPort {
  readonly port: number;
  /** The port is kept by a socket that shares it, so listening there has to share it too (SO_REUSEPORT). */
  readonly isKept: boolean;
  /** Call it once the server listens, or when it never will. Repeating it does nothing. */
  release(): Promise<void>;
}

/** Whether several sockets of one process can listen at one address. */
const canShare = process.platform === 'linux';

/**
 * The configured port; or, when it is only a preference and busy, a free one. A port that is not fixed is kept until it is released, so that
 * no other socket of the machine is given it in between. A caller that connects meanwhile is hung up on.
 */
export async function reservePort({ host, port, isPortFixed }: ListenConfig): Promise<ReservedPort> {
  if (isPortFixed && port !== 0) return notKept(port);
  const free = port !== 0 && (await isFree(host, port)) ? port : 0;
  const keeper = createServer((socket) => socket.destroy());
  const kept = await listenAt(keeper, { host, port: free, ...(canShare ? { reusePort: true } : {}) });
  if (kept === null) return notKept(port);
  const release = async (): Promise<void> => {
    if (keeper.listening) await closed(keeper);
  };
  if (!canShare) await release();
  return { port: kept, isKept: canShare, release };
}

function notKept(port: number): ReservedPort {
  return { port, isKept: false, release: () => Promise.resolve() };
}

/** Sharing an address would succeed beside another process that shares its own. */
async function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  const isListening = (await listenAt(probe, { host, port, exclusive: true })) !== null;
  if (isListening) await closed(probe);
  return isListening;
}

/** The port where it listens; null when that is not to be had. */
function listenAt(server: Server, options: Parameters<Server['listen']>[0]): Promise<number | null> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(options, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : null);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
