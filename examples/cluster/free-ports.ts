import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, so that a process finds its port again when it comes back. */
const [portMin, portMax] = [18_000, 31_000];
const triesMax = 200;

/** This many free ports of this machine, no two the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > triesMax) throw new Error(`no ${count} free ports from ${portMin} to ${portMax}`);
    const port = randomInt(portMin, portMax);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

/** Whether nobody listens there, on any address of this machine. */
export function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen({ port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
