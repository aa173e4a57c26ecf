import { createServer } from 'node:net';

const loopback = '127.0.0.1';

/** The preferred port when it is free, else any free one. Another program may still take it before it is used. */
export async function choosePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? preferred;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: loopback, exclusive: true }, () => {
      const address = probe.address();
      const free = typeof address === 'object' && address !== null ? address.port : undefined;
      probe.close(() => resolve(free));
    });
  });
}
