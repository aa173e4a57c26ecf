import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPool, migrate, startEmbeddedPostgres } from '@colloquy/server/test';

/** Where the server of a whole test run is announced to its test files. */
export const adminUrlVariable = 'COLLOQUY_TEST_ADMIN_URL';
export const templateDatabase = 'colloquy_template';

export interface TestPostgres extends AsyncDisposable {
  /** A superuser's connection to the server's default database. */
  readonly adminUrl: string;
}

const migrations = fileURLToPath(new URL('../../server/migrations', import.meta.url));

/** Connections that the platforms of one test file hold at most, and some for its own queries. */
const connectionsPerFile = 50;
/** It waits for the disk, as a platform demands of its database. */
const settings = { max_connections: String(connectionsPerFile * Math.max(2, availableParallelism())) };

/** A file system in memory takes the database of a test run only when this much of it is free. */
const memoryBytesMin = 4 * 1024 ** 3;

/**
 * Where the database of a whole test run is: in memory when there is room, because each commit then waits for no disk
 * although fsync stays on; otherwise in the temporary folder. Programs must be allowed to run there too.
 */
export async function testRunFolder(): Promise<string> {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = await statfs(memory);
    const isNoexec = /^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(await readFile('/proc/mounts', 'utf8'));
    return bavail * bsize >= memoryBytesMin && !isNoexec ? memory : tmpdir();
  } catch {
    // Only Linux has it.
    return tmpdir();
  }
}

/** A real PostgreSQL of our own in a new directory in `folder`, with a migrated template database to clone. */
export async function startTestPostgres(folder = tmpdir()): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(folder, 'colloquy-test-'));
  const removeNow = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  // Also when the run fails before it disposes of the server: PostgreSQL ends itself when its directory is gone.
  process.once('exit', removeNow);
  const founding = await startEmbeddedPostgres({ dataDir });
  await createTemplate(founding.adminUrl);
  for (const [name, value] of Object.entries(settings))
    await administer(founding.adminUrl, `alter system set ${name} = '${value}'`);
  await founding.stop();
  const server = await startEmbeddedPostgres({ dataDir });
  return {
    adminUrl: server.adminUrl,
    async [Symbol.asyncDispose]() {
      try {
        await server.stop();
      } finally {
        await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
        process.off('exit', removeNow);
      }
    },
  };
}

/** Makes the migrated database that test databases of this server are cloned from. */
export async function createTemplate(adminUrl: string): Promise<void> {
  await administer(adminUrl, `create database ${templateDatabase}`);
  await migrate({ adminUrl: withDatabase(adminUrl, templateDatabase), directory: migrations });
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  // A socket URL has no host before its path, which the URL parser does not take.
  const parsed = new URL(url.replace('@/', '@localhost/'));
  parsed.pathname = `/${database}`;
  return parsed.href;
}

/** Runs one statement outside of a transaction. */
export async function administer(adminUrl: string, sql: string): Promise<void> {
  const pool = createPool({ url: adminUrl, connectionsMax: 1, applicationName: 'testkit', statementTimeoutMs: 60_000 });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}
