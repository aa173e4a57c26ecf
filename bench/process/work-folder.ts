import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder below the system's temporary one, for everything that a run writes. */
export interface WorkFolder {
  readonly path: string;
  file(name: string): string;
  remove(): Promise<void>;
}

export async function createWorkFolder(prefix: string): Promise<WorkFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  // Started by root, the database runs as another user, who has to pass through.
  await chmod(path, 0o711);
  // The database server runs unprivileged and has to enter the folder above its own.
  await chmod(path, 0o711);
  return {
    path,
    file: (name) => join(path, name),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
