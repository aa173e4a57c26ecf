import { link, mkdir, readFile, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.ts';
import { identifyProcess, isRunning, parseIdentity } from './process-identity.ts';

const pollMs = 20;
const released = 'released';
/** Older generations stay a while, so that a listing taken during a hand-over still shows the newest. */
const generationsKept = 16;

/**
 * Runs `work` while no other process (and no other call of this one) holds the lock in `directory`.
 *
 * Each holder is a numbered file with its process identity; the highest number rules. It passes on when the holder
 * released it or is dead, to the process that links the next number first. No process ever removes the ruling file, so a lock of a
 * dead holder cannot be taken twice, which deleting and creating one file would allow.
 */
export async function withDirectoryLock<Result>(
  directory: string,
  waitMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const generation = await acquire(directory, waitMs);
  try {
    return await work();
  } finally {
    await release(directory, generation);
  }
}

async function acquire(directory: string, waitMs: number): Promise<number> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const newest = await newestGeneration(directory);
    const holder = newest === 0 ? undefined : await livingHolder(directory, newest);
    if (holder === undefined) {
      if (await claim(directory, newest + 1)) return newest + 1;
    } else if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'data-dir-locked',
        `Process ${holder} has been starting or stopping the database in ${join(directory, '..')} for more than ${waitMs} ms.`,
        'Wait until it is done, or end it and start again.',
      );
    }
    await pause(pollMs);
  }
}

async function newestGeneration(directory: string): Promise<number> {
  const generations = (await readdir(directory)).map(Number).filter(Number.isSafeInteger);
  return Math.max(0, ...generations);
}

/** The process id of the holder; undefined when the lock is free. */
async function livingHolder(directory: string, generation: number): Promise<number | undefined> {
  const holder = parseIdentity(await readFile(join(directory, String(generation)), 'utf8').catch(() => released));
  return holder !== undefined && isRunning(holder) ? holder.pid : undefined;
}

async function claim(directory: string, generation: number): Promise<boolean> {
  const draft = draftPath(directory);
  const own = join(directory, String(generation));
  await writeFile(draft, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
  const isLinked = await link(draft, own).then(() => true, isExisting);
  await unlink(draft);
  if (!isLinked) return false;
  if ((await newestGeneration(directory)) > generation) {
    await unlink(own);
    return false;
  }
  await sweep(directory, generation - generationsKept);
  return true;
}

/** False when the name is taken already; other errors stay errors. */
function isExisting(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
  throw error;
}

/** Removes generations that no process can still read, and the files that dead processes left behind. */
async function sweep(directory: string, upTo: number): Promise<void> {
  const names = await readdir(directory);
  const stale = names.filter((name) => Number(name) <= upTo || isDraftOfTheDead(name));
  await Promise.all(stale.map((name) => rm(join(directory, name), { force: true })));
}

let drafts = 0;

function draftPath(directory: string): string {
  drafts += 1;
  return join(directory, `draft-${process.pid}-${drafts}`);
}

function isDraftOfTheDead(name: string): boolean {
  const pid = /^draft-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && identifyProcess(Number(pid)) === undefined;
}

async function release(directory: string, generation: number): Promise<void> {
  const draft = draftPath(directory);
  await writeFile(draft, released, { mode: 0o600 });
  await rename(draft, join(directory, String(generation)));
}
