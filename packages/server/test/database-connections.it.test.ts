/**
 * Guarantee: the number of connections to PostgreSQL that operators plan with is the number that a process can open, and no session of the platform
 * compiles its statements.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { createLogger, createPool, readEnv, secretsOf, configOf } from '@colloquy/server/test';
import { createTestDatabase, startTestPlatform, testEnvironment } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { connectionsOf, connectionsPerProcess, openDatabase } from '../src/assembly/database.ts';

describe('the connections of a process', () => {
  let database: TestDatabase;
  let admin: DatabasePool;
  before(async () => {
    database = await createTestDatabase();
    admin = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'connections-test' });
  });
  after(async () => {
    await admin.end();
    await database[Symbol.asyncDispose]();
  });

  /** How many sessions this database has of each part of a process. */
  async function countSessions(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await admin.query<{ part: string; sessions: number }>(
      `select split_part(application_name, ' ', 2) as part, count(*)::int as sessions from pg_stat_activity
       where datname = current_database() and application_name like 'colloquy %' group by 1`,
    );
    return Object.fromEntries(rows.map(({ part, sessions }) => [part, sessions]));
  }

  it('are as many as the definition says when every pool is exhausted, and none compiles', async () => {
    const { env, unknown } = readEnv(testEnvironment(database));
    const log = createLogger({ level: 'silent' });
    const opened = await openDatabase(configOf(env, unknown, false), secretsOf(env), log, () => undefined);
    const { writers, readers, workers, heartbeats, sealers } = opened;
    const pools = [writers, readers, workers, heartbeats, sealers];
    const clients = await Promise.all(
      pools.flatMap((pool) => Array.from({ length: pool.options.max }, () => pool.connect())),
    );
    const { notifications, ...pooled } = connectionsOf;
    assert.deepEqual(await countSessions(), { ...pooled });
    const settings = await Promise.all(clients.map((client) => client.query<{ jit: string }>('show jit')));
    assert.deepEqual([...new Set(settings.map(({ rows }) => rows[0]?.jit))], ['off']);
    for (const client of clients) client.release();
    await opened.stop();
    assert.equal(clients.length + notifications, connectionsPerProcess);
  });

  it('have one more for notifications, and no other part', async () => {
    await using _platform = await startTestPlatform({ database });
    const counts = await countSessions();
    assert.equal(counts['notifications'], connectionsOf.notifications);
    for (const [part, sessions] of Object.entries(counts)) {
      const max = new Map<string, number>(Object.entries(connectionsOf)).get(part);
      assert.ok(max !== undefined && sessions <= max, `${part}: ${sessions}`);
    }
  });

  it('are on the page of operators', async () => {
    const page = await readFile(new URL('../../../docs/operations/scaling.md', import.meta.url), 'utf8');
    const parts = Object.entries(connectionsOf).map(([part, count]) => `${part} ${count}`);
    assert.ok(page.includes(`${connectionsPerProcess} at most (${parts.join(', ')})`));
    assert.ok(page.includes(`keep \`max_connections\` ≥ ${connectionsPerProcess} N + 20`));
  });
});
