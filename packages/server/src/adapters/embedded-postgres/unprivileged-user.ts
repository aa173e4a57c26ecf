import { readFile, stat } from 'node:fs/promises';
import { EmbeddedPostgresError } from './errors.ts';

/** The account that PostgreSQL runs as when the platform runs as root, which PostgreSQL refuses to be. */
export interface UnprivilegedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference; `_postgres` is its name on macOS. */
const accountNames = ['postgres', '_postgres', 'nobody'];

/**
 * Undefined when this process is not root: the server then runs as the same user. A cluster that exists keeps its owner,
 * because PostgreSQL runs for no other user.
 */
export async function findUnprivilegedUser(cluster: string): Promise<UnprivilegedUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner !== undefined && owner.uid > 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const accounts = await readAccounts();
  const account = accountNames.map((name) => accounts.get(name)).find((found) => found !== undefined);
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      'permission-denied',
      "PostgreSQL cannot run as root, and this machine has neither a 'postgres' nor a 'nobody' account.",
      "Create an account named 'postgres', or start Colloquy as an ordinary user.",
    );
  }
  return account;
}

async function readAccounts(): Promise<Map<string, UnprivilegedUser>> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const accounts = new Map<string, UnprivilegedUser>();
  for (const line of lines) {
    const [name = '', , uid, gid] = line.split(':');
    if (Number(uid) > 0 && Number(gid) > 0) accounts.set(name, { name, uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}
