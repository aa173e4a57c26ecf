import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Listens on a free loopback port and says so with the line a parent process waits for. Answers the address. Ends the process
 * when the parent goes away, so that a killed benchmark leaves nothing running.
 */
export async function announce(server: Pick<Server, 'listen' | 'address'>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  console.log(JSON.stringify({ msg: 'ready', url }));
  process.on('disconnect', () => process.exit(0));
  return url;
}
