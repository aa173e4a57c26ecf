import { mkdtemp, rm } from 'node:fs/promises';
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

/** A real PostgreSQL of our own in a temporary directory, with a migrated template database to clone. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'colloquy-test-'));
  const founding = await startEmbeddedPostgres({ dataDir });
  await administer(founding.adminUrl, `create database ${templateDatabase}`);
  await migrate({ adminUrl: withDatabase(founding.adminUrl, templateDatabase), directory: migrations });
  for (const [name, value] of Object.entries(settings))
    await administer(founding.adminUrl, `alter system set ${name} = '${value}'`);
  await founding.stop();
  const server = await startEmbeddedPostgres({ dataDir });
  return {
    adminUrl: server.adminUrl,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
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
