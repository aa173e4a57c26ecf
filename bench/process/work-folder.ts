import { mkdtemp, rm } from 'node:fs/promises';
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
  return {
    path,
    file: (name) => join(path, name),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
