import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** Needed to build programs against PostgreSQL, not to run it. */
const leftOut = /\.a$|^pkgconfig$|^include$/;

/**
 * Copies the binaries to `target`, readable for every user. They appear there complete or not at all: a copy that a kill
 * interrupted lies beside it and is removed by the next one. `complete` finishes the draft. Does nothing when `target` is there.
 */
export async function copyBinaries(
  source: string,
  target: string,
  complete: (draft: string) => Promise<void>,
): Promise<void> {
  if (await stat(target).catch(() => undefined)) return;
  const draft = `${target}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await chmod(dirname(target), 0o755);
  await copyTree(source, draft);
  await complete(draft);
  await rename(draft, target);
}

/** Removes copies of other versions. Only while no server runs. */
export async function removeOtherCopies(copies: string, program: string): Promise<void> {
  const names = await readdir(copies).catch(() => []);
  const unused = names.filter((name) => !program.startsWith(join(copies, name) + sep));
  await Promise.all(unused.map((name) => rm(join(copies, name), { recursive: true, force: true })));
}

async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (leftOut.test(entry.name)) continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isFile()) await copyExecutable(from, to);
  }
}

async function copyExecutable(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const isExecutable = ((await stat(from)).mode & 0o100) !== 0;
  await chmod(to, isExecutable ? 0o755 : 0o644);
}
