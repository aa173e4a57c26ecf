import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Below the ports that Linux gives to sockets that ask for any, so that a process finds its port again when it comes back. */
const [portMin, portMax] = [18_000, 31_000];
const attemptsMax = 1_000;
const folder = join(tmpdir(), 'colloquy-ports');
const claimed = new Set<number>();

/**
 * A port for a server that is told where to listen, and may be started there again. It belongs to this process until that ends: a file
 * with the port's name keeps other test processes off it, and the system hands it out to no socket.
 */
export async function claimPort(): Promise<number> {
  mkdirSync(folder, { recursive: true });
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = randomInt(portMin, portMax);
    if (!takeFile(port)) continue;
    claimed.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`There is no free port from ${portMin} to ${portMax}.`);
}

/** Whether no server listens there, on any address of this machine. */
export function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen({ port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function takeFile(port: number): boolean {
  const file = fileOf(port);
  if (create(file)) return true;
  if (isAlive(holderOf(file))) return false;
  // Of a process that was killed. Of two that take it over at once, one is refused by the next line.
  rmSync(file, { force: true });
  return create(file);
}

function create(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    // An empty file is one that its process is just writing.
    if (pid !== 0) process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function fileOf(port: number): string {
  return join(folder, String(port));
}

process.on('exit', () => {
  for (const port of claimed) rmSync(fileOf(port), { force: true });
});
