import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Together with the size of one log file, this bounds the disk space of the logs. */
const logFilesKept = 8;

/** Removes all but the newest log files; their names are their dates. */
export async function pruneLogs(logDirectory: string): Promise<void> {
  const names = (await readdir(logDirectory)).filter((name) => name.startsWith('postgresql-')).sort();
  await Promise.all(names.slice(0, -logFilesKept).map((name) => rm(join(logDirectory, name), { force: true })));
}
