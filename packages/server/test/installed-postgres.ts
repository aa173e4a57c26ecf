import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { claimPort, eventually } from '@colloquy/testkit';
import { findUnprivilegedUser } from '../src/adapters/embedded-postgres/unprivileged-user.ts';
import { runSql } from './embedded-postgres-harness.ts';

/** A PostgreSQL server that a package of the operating system has installed, run for one test on a port of its own. */
export interface InstalledPostgres extends AsyncDisposable {
  /** A superuser's connection to the server's default database. */
  readonly adminUrl: string;
}

/** Where the programs of this major version are; null when they are not installed. Debian and its derivatives put them there. */
export function findInstalledPostgres(major: number): string | null {
  const folder = `/usr/lib/postgresql/${String(major)}/bin`;
  return existsSync(join(folder, 'postgres')) ? folder : null;
}

/** Starts a server on an empty cluster in `/tmp`: the account that it runs as must reach the folder. */
export async function startInstalledPostgres(programs: string): Promise<InstalledPostgres> {
  const folder = await mkdtemp('/tmp/colloquy-installed-');
  const user = await findUnprivilegedUser(folder);
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  const identity = { cwd: folder, env: {}, ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) };
  const cluster = join(folder, 'cluster');
  const options = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  await promisify(execFile)(join(programs, 'initdb'), options, identity);
  const port = await claimPort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`];
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(programs, 'postgres'), args, { ...identity, stdio: 'ignore' });
  const ended = once(server, 'close');
  const adminUrl = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await eventually('the installed PostgreSQL answers', () => runSql(adminUrl, 'select'), 60_000);
  return {
    adminUrl,
    async [Symbol.asyncDispose]() {
      // Fast shutdown: open sessions end.
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
