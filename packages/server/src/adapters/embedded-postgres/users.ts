import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess, isRunning, parseIdentity } from './process-identity.ts';

let startsOfThisProcess = 0;

/** Notes that this process uses the server. Returns the name of the note. Only under the directory's lock. */
export async function addUser(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  startsOfThisProcess += 1;
  const name = `${process.pid}-${startsOfThisProcess}`;
  await writeFile(join(directory, name), JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
  return name;
}

/** Only under the directory's lock. */
export async function removeUser(directory: string, name: string): Promise<void> {
  await rm(join(directory, name), { force: true });
}

/** How many users are alive; forgets the dead ones. Only under the directory's lock. */
export async function countLiveUsers(directory: string): Promise<number> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const alive = await Promise.all((await readdir(directory)).map((name) => isAlive(join(directory, name))));
  return alive.filter(Boolean).length;
}

async function isAlive(file: string): Promise<boolean> {
  const user = parseIdentity(await readFile(file, 'utf8').catch(() => ''));
  if (user !== undefined && isRunning(user)) return true;
  await rm(file, { force: true });
  return false;
}
