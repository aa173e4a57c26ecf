import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Listener = Pick<Server, 'listen' | 'address'>;

/**
 * Listens on a free loopback port and says so with the line a parent process waits for. Answers the address. Ends the process
 * when the parent goes away, so that a killed benchmark leaves nothing running.
 */
export async function announce(server: Listener): Promise<string> {
  const url = await listen(server);
  sayReady({ url });
  return url;
}

/** Prints the line a parent process waits for, and ends this process when the parent goes away. */
export function sayReady(facts: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ msg: 'ready', ...facts }));
  process.on('disconnect', () => process.exit(0));
}

/** Listens on a free loopback port; answers the address. */
export async function listen(server: Listener): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}
