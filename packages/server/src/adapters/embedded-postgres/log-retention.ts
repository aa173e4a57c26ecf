import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** With the size at which the server begins a new file, this bounds what the logs take. */
const logFilesKept = 8;

/** Removes all but the newest log files; their names are their dates. */
export async function pruneLogs(logDirectory: string): Promise<void> {
  const names = (await readdir(logDirectory)).filter((name) => name.startsWith('postgresql-')).sort();
  await Promise.all(names.slice(0, -logFilesKept).map((name) => rm(join(logDirectory, name), { force: true })));
}
