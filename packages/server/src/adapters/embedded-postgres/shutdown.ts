import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataDirectory } from './data-directory.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { findPostmaster, findServerProcesses } from './postmaster.ts';
import { isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const pollMs = 10;
/** Fast: clients are disconnected, everything is written. Immediate and kill: the next start replays the log. */
const steps = [
  { signal: 'SIGINT', boundMs: 20_000 },
  { signal: 'SIGQUIT', boundMs: 5_000 },
  { signal: 'SIGKILL', boundMs: 5_000 },
] as const;

/** Ends the server on this cluster, if one runs. Only under the directory's lock. */
export async function stopPostmaster(cluster: string): Promise<void> {
  for (const { signal, boundMs } of steps) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster === undefined) return;
    sendSignal(postmaster.identity.pid, signal);
    if (await hasEnded(postmaster.identity, boundMs)) return;
  }
  throw new EmbeddedPostgresError('start-failed', `PostgreSQL on ${cluster} does not end.`, 'End its process by hand.');
}

async function hasEnded(identity: ProcessIdentity, boundMs: number): Promise<boolean> {
  const deadline = performance.now() + boundMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await pause(pollMs);
  }
  return true;
}

const orphansGraceMs = 2_000;
const orphansMaxMs = 10_000;

/**
 * Waits until no process of a dead postmaster is left, ends lingering ones, and removes its files. A new server
 * beside an old backend would ruin the data; PostgreSQL guards against that through its pid file, which therefore goes last.
 * Resolves with false when a server shows up instead: its starter was killed a moment ago. Only under the directory's lock.
 */
export async function clearRemains({ cluster, socket }: DataDirectory): Promise<boolean> {
  // Elsewhere the remains of backends cannot be seen, so everything stays for PostgreSQL itself to judge.
  if (process.platform !== 'linux') return true;
  const start = performance.now();
  for (;;) {
    const orphans = await findServerProcesses(cluster);
    if (orphans.length === 0) break;
    if ((await findPostmaster(cluster)) !== undefined) return false;
    const elapsedMs = performance.now() - start;
    if (elapsedMs > orphansMaxMs) throw stubborn(orphans);
    if (elapsedMs > orphansGraceMs) for (const pid of orphans) sendSignal(pid, 'SIGKILL');
    await pause(pollMs);
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  for (const name of await readdir(socket)) await rm(join(socket, name), { force: true });
  return true;
}

function stubborn(pids: readonly number[]): EmbeddedPostgresError {
  const happened = `Process ${pids.join(', ')} of an earlier PostgreSQL does not end.`;
  return new EmbeddedPostgresError('start-failed', happened, 'End it by hand and start again.');
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}
