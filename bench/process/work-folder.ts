import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder below the system's temporary one, for everything that a run writes. */
export interface WorkFolder {
  readonly path: string;
  file(name: string): string;
  remove(): Promise<void>;
}

const removal = { recursive: true, force: true, maxRetries: 5 } as const;

export async function createWorkFolder(prefix: string): Promise<WorkFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  // Started by root, the database runs unprivileged as another user, who has to pass through to the folder of its own.
  await chmod(path, 0o711);
  return { path, file: (name) => join(path, name), remove: () => rm(path, removal) };
}

/** Runs in a folder that goes with it. Of a run that breaks off the logs stay, and its error says where. */
export async function inWorkFolder<Result>(
  prefix: string,
  run: (folder: WorkFolder) => Promise<Result>,
): Promise<Result> {
  const folder = await createWorkFolder(prefix);
  let result: Result;
  try {
    result = await run(folder);
  } catch (error) {
    // A failure to remove is not reported: the error of the run is what matters.
    await removeAllButLogs(folder).catch(() => undefined);
    throw new Error(`the run broke off; its logs are in ${folder.path}`, { cause: error });
  }
  await folder.remove();
  return result;
}

async function removeAllButLogs(folder: WorkFolder): Promise<void> {
  const rest = (await readdir(folder.path)).filter((name) => !name.endsWith('.log'));
  await Promise.all(rest.map((name) => rm(folder.file(name), removal)));
}
