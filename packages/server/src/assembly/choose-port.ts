import { createServer } from 'node:net';
import type { ListenConfig } from '../config/config.ts';

/** The port to listen on: the wished one, or, when it is only a wish and busy, a free one. Known before the server is built. */
export async function choosePort({ host, port, isPortFixed }: ListenConfig): Promise<number> {
  if (isPortFixed && port !== 0) return port;
  return (await tryPort(host, port)) ?? (await tryPort(host, 0)) ?? port;
}

async function tryPort(host: string, port: number): Promise<number | null> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(null));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
