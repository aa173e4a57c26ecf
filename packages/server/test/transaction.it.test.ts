/**
 * Guarantee: what is sent as one transaction is committed as a whole or not at all, for the named tenants only, and the
 * sender learns which of the two happened, or that the outcome is unknown.
 */
import assert from 'node:assert/strict';
import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { oldGenerationGrowth } from '@colloquy/testkit';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import type { EmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import { AmbiguousCommitError, DatabaseUnavailableError } from '../src/adapters/postgres/database-errors.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool, PoolOptions } from '../src/adapters/postgres/pool.ts';
import type { Statement } from '../src/adapters/postgres/statement.ts';
import { inTransaction, readInTenant, readInTenants } from '../src/adapters/postgres/transaction.ts';
import { eventually, runSql, temporaryDirectory, withConnection } from './embedded-postgres-harness.ts';

const tenantA = '00000000-0000-4000-8000-00000000000a';
const tenantB = '00000000-0000-4000-8000-00000000000b';
const none = { tenantIds: [] };

const schema = `
  create role notes_app nologin;
  create role notes_login login noinherit password 'secret';
  grant notes_app to notes_login;
  create table notes (tenant_id uuid not null, id bigint not null, body jsonb, primary key (tenant_id, id));
  alter table notes enable row level security;
  alter table notes force row level security;
  create policy tenant_isolation on notes for all to notes_app
    using (tenant_id = any ((select coalesce(nullif(current_setting('colloquy.tenant_ids', true), ''), '{}'))::uuid[]));
  grant select, insert, update, delete on notes to notes_app;
  create table pairs (id int primary key, other int references pairs deferrable initially deferred);
  grant all on pairs to notes_app;`;

function insertNote(tenantId: string, id: bigint, body: unknown = {}): Statement<{ id: bigint }> {
  const text = 'insert into notes (tenant_id, id, body) values ($1, $2, $3) returning id';
  return { name: 'test-insert-note', text, values: [tenantId, id, body] };
}

const countNotes: Statement<{ count: bigint }> = {
  name: 'test-count-notes',
  text: 'select count(*) as count from notes',
  values: [],
};

const fails: Statement = { name: 'test-fails', text: 'select 1 / $1::int', values: [0] };

describe('a transaction', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedPostgres;
  let pool: DatabasePool;

  before(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedPostgres({ dataDir: directory.path });
    await runSql(server.adminUrl, schema);
    pool = appPool();
  });

  after(async () => {
    await pool.end();
    await server.stop();
    await directory[Symbol.asyncDispose]();
  });

  /** One connection, so that each transaction follows the last on the same session. */
  function appPool(options: Partial<PoolOptions> = {}): DatabasePool {
    const url = server.adminUrl.replace(/\/\/[^@]*@/, '//notes_login:secret@');
    return createPool({ url, role: 'notes_app', connectionsMax: 1, applicationName: 'transaction-test', ...options });
  }

  async function countAll(): Promise<unknown> {
    return (await runSql(server.adminUrl, 'select count(*)::int from notes'))[0]?.[0];
  }

  async function emptyTables(): Promise<void> {
    await runSql(server.adminUrl, 'truncate notes, pairs');
  }

  it('answers each statement in order, with exact numbers, for the tenants that it names', async () => {
    await emptyTables();
    const [first, all, second] = await inTransaction(pool, { tenantIds: [tenantA, tenantB] }, [
      insertNote(tenantA, 9_007_199_254_740_993n, { nested: ['x'] }),
      countNotes,
      insertNote(tenantB, 2n),
    ]);
    assert.deepEqual(first.rows, [{ id: 9_007_199_254_740_993n }]);
    assert.deepEqual([first.rowCount, all.rows, second.rows], [1, [{ count: 1n }], [{ id: 2n }]]);
    assert.deepEqual((await readInTenant(pool, tenantA, countNotes)).rows, [{ count: 1n }]);
    assert.deepEqual((await inTransaction(pool, none, [countNotes]))[0].rows, [{ count: 0n }]);
  });

  it('reads for several tenants at one moment, each statement as its own tenant alone', async () => {
    await emptyTables();
    const notes = [insertNote(tenantA, 1n), insertNote(tenantA, 2n), insertNote(tenantB, 3n)];
    await inTransaction(pool, { tenantIds: [tenantA, tenantB] }, notes);
    const look: Statement<{ ids: string; at: string }> = {
      name: 'test-look',
      text: `select string_agg(id::text, ',' order by id) as ids, now()::text as at from notes`,
      values: [],
    };
    const readers = [tenantA, tenantB, '00000000-0000-4000-8000-00000000000c', tenantA];
    const results = await readInTenants(
      pool,
      readers.map((tenantId) => ({ tenantId, statement: look })),
    );
    const found = results.flatMap(({ rows }) => rows);
    assert.deepEqual(
      found.map(({ ids }) => ids),
      ['1,2', '3', null, '1,2'],
    );
    assert.equal(new Set(found.map(({ at }) => at)).size, 1);
    const mixed = [
      { tenantId: tenantA, statement: countNotes },
      { tenantId: tenantB, statement: insertNote(tenantB, 4n) },
    ];
    await assert.rejects(readInTenants<unknown>(pool, mixed), { code: '25006' });
    assert.deepEqual((await inTransaction(pool, none, [countNotes]))[0].rows, [{ count: 0n }]);
    assert.equal(await countAll(), 3);
  });

  it('leaves nothing of what it read to the old generation once it is answered', async () => {
    const read: Statement = {
      name: 'test-many-rows',
      text: `select n, 'row number ' || n as title from generate_series(1, 400) n`,
      values: [],
    };
    const grownBytes = await oldGenerationGrowth({ steps: 600, stepsBetweenCollections: 20 }, () =>
      readInTenant(pool, tenantA, read),
    );
    // What they have read is 27 MB.
    assert.ok(grownBytes < 5_000_000, `${String(grownBytes)} bytes`);
  });

  it('leaves no tenant behind on the connection, after a commit and after an error', async () => {
    const setting: Statement = {
      name: 'test-setting',
      text: `select current_setting('colloquy.tenant_ids', true) as now`,
      values: [],
    };
    const [inside] = await inTransaction(pool, { tenantIds: [tenantA] }, [setting]);
    assert.deepEqual(inside.rows, [{ now: `{${tenantA}}` }]);
    await assert.rejects(inTransaction(pool, { tenantIds: [tenantA] }, [fails]), { code: '22012' });
    const { rows } = await pool.query<{ now: string | null; role: string }>(`${setting.text}, current_user as role`);
    assert.deepEqual(rows, [{ now: '', role: 'notes_app' }]);
    assert.deepEqual((await pool.query('select from notes')).rowCount, 0);
  });

  it('commits nothing when a statement in the middle fails, and goes on with the same connection', async () => {
    await emptyTables();
    const backend = await backendPid(pool);
    const mixed = [insertNote(tenantA, 1n), fails, insertNote(tenantA, 2n)];
    await assert.rejects(inTransaction(pool, { tenantIds: [tenantA] }, mixed), { code: '22012' });
    await assert.rejects(inTransaction(pool, { tenantIds: [tenantA] }, [insertNote(tenantB, 1n)]), { code: '42501' });
    const missing: Statement = { name: 'test-missing', text: 'select from no_such_table', values: [] };
    for (const again of [missing, missing]) {
      await assert.rejects(inTransaction(pool, { tenantIds: [tenantA] }, [insertNote(tenantA, 3n), again]), {
        code: '42P01',
      });
    }
    assert.equal(await countAll(), 0);
    const [inserted] = await inTransaction(pool, { tenantIds: [tenantA] }, [insertNote(tenantA, 1n)]);
    assert.equal(inserted.rowCount, 1);
    assert.equal(await backendPid(pool), backend);
  });

  it('reports an error that only the commit finds', async () => {
    await emptyTables();
    const orphan: Statement = { name: 'test-orphan', text: 'insert into pairs values (1, 99)', values: [] };
    await assert.rejects(inTransaction(pool, none, [orphan]), { code: '23503' });
    assert.deepEqual(await runSql(server.adminUrl, 'select id from pairs'), []);
  });

  it('sends nothing when a value or a tenant id cannot be sent', async () => {
    await emptyTables();
    const unwritable = [insertNote(tenantA, 1n), insertNote(tenantA, 2n, { amount: 1n })];
    await assert.rejects(inTransaction(pool, { tenantIds: [tenantA] }, unwritable), TypeError);
    const renamed = { ...countNotes, text: 'select 1' };
    await assert.rejects(
      inTransaction(pool, { tenantIds: [tenantA] }, [insertNote(tenantA, 1n), renamed, countNotes]),
      /test-count-notes/,
    );
    for (const forged of ['', `${tenantA},${tenantB}`, `${tenantA}}`, tenantA.toUpperCase()]) {
      await assert.rejects(inTransaction(pool, { tenantIds: [forged] }, [countNotes]), TypeError);
    }
    assert.equal(await countAll(), 0);
  });

  it('refuses to write while reading', async () => {
    await emptyTables();
    await assert.rejects(readInTenant(pool, tenantA, insertNote(tenantA, 1n)), { code: '25006' });
    assert.equal(await countAll(), 0);
    assert.equal((await inTransaction(pool, { tenantIds: [tenantA] }, [insertNote(tenantA, 1n)]))[0].rowCount, 1);
  });

  it('keeps the plan of a statement for the life of the connection, and survives a change of its table', async () => {
    await runSql(server.adminUrl, 'create table shapes (id int); grant select on shapes to notes_app');
    const readShapes: Statement = { name: 'test-read-shapes', text: 'select * from shapes', values: [] };
    await inTransaction(pool, none, [readShapes, readShapes]);
    const { rows } = await pool.query(`select from pg_prepared_statements where name = 'test-read-shapes'`);
    assert.equal(rows.length, 1);
    await runSql(server.adminUrl, 'alter table shapes add column more text');
    await assert.rejects(inTransaction(pool, none, [readShapes]), { code: '0A000' });
    assert.deepEqual((await inTransaction(pool, none, [readShapes]))[0].rows, []);
  });

  it('says that nothing is committed when its backend is ended before the commit, and the pool heals', async () => {
    await emptyTables();
    const sleep: Statement = { name: 'test-sleep', text: 'select pg_sleep(10)', values: [] };
    const write = inTransaction(pool, { tenantIds: [tenantA] }, [
      insertNote(tenantA, 1n),
      sleep,
      insertNote(tenantA, 2n),
    ]);
    const verdict = assert.rejects(write, DatabaseUnavailableError);
    const endSleeper = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'";
    await eventually('the backend is ended', async () => (await runSql(server.adminUrl, endSleeper))[0]);
    await verdict;
    assert.equal(await countAll(), 0);
    assert.equal((await inTransaction(pool, { tenantIds: [tenantA] }, [insertNote(tenantA, 1n)]))[0].rowCount, 1);
  });

  it('says that the outcome is unknown when the answer to the commit is lost', async () => {
    await emptyTables();
    await using proxy = await answerEatingProxy(server.port);
    const url = `postgresql://notes_login:secret@127.0.0.1:${proxy.port}/colloquy?sslmode=disable`;
    const fragile = appPool({ url });
    try {
      await inTransaction(fragile, { tenantIds: [tenantA] }, [countNotes]);
      proxy.eatNextAnswer();
      const write = inTransaction(fragile, { tenantIds: [tenantA] }, [insertNote(tenantA, 1n)]);
      await assert.rejects(write, AmbiguousCommitError);
      await eventually('the server commits', async () => ((await countAll()) === 1 ? true : undefined));
      proxy.eatNextAnswer();
      await assert.rejects(readInTenant(fragile, tenantA, countNotes), DatabaseUnavailableError);
      assert.deepEqual((await readInTenant(fragile, tenantA, countNotes)).rows, [{ count: 1n }]);
    } finally {
      await fragile.end();
    }
  });

  it('times out on a server that is silent, before the connection and after the request', async () => {
    await emptyTables();
    await using proxy = await answerEatingProxy(server.port);
    const url = `postgresql://notes_login:secret@127.0.0.1:${proxy.port}/colloquy?sslmode=disable`;
    const impatient = appPool({ url, connectTimeoutMs: 200, statementTimeoutMs: 200, silenceGraceMs: 1 });
    try {
      proxy.fallSilent();
      await assert.rejects(inTransaction(impatient, none, [countNotes]), DatabaseUnavailableError);
      proxy.speak();
      await inTransaction(impatient, none, [countNotes]);
      proxy.fallSilent();
      const write = inTransaction(impatient, { tenantIds: [tenantA] }, [insertNote(tenantA, 1n)]);
      await assert.rejects(write, AmbiguousCommitError);
      proxy.speak();
      assert.deepEqual((await readInTenant(impatient, tenantA, countNotes)).rows, [{ count: 1n }]);
    } finally {
      await impatient.end();
    }
  });

  it('bounds a statement and its wait for a lock', async () => {
    await emptyTables();
    const slow: Statement = { name: 'test-slow', text: 'select pg_sleep(10)', values: [] };
    const impatient = appPool({ statementTimeoutMs: 100, lockTimeoutMs: 20 });
    await assert.rejects(inTransaction(impatient, none, [slow]), { code: '57014' });
    await withConnection(server.adminUrl, async (client) => {
      await client.query('begin; lock table notes');
      await assert.rejects(inTransaction(impatient, none, [countNotes]), { code: '55P03' });
    });
    await impatient.end();
  });

  it('keeps its role when the address brings session options of its own', async () => {
    const optioned = appPool({
      url: `${server.adminUrl}&options=${encodeURIComponent('-c role=none -c work_mem=8MB')}`,
    });
    const { rows } = await optioned.query(`select current_user as role, current_setting('work_mem') as memory`);
    await optioned.end();
    assert.deepEqual(rows, [{ role: 'notes_app', memory: '8MB' }]);
    assert.throws(() => appPool({ role: 'x -c fsync=off' }), TypeError);
  });

  it('reports an idle connection that breaks only to its listener', async () => {
    const errors: Error[] = [];
    const watched = appPool({ onIdleError: (error) => errors.push(error) });
    const pid = await backendPid(watched);
    await runSql(server.adminUrl, `select pg_terminate_backend(${pid})`);
    await eventually('the pool notices', () => errors[0]);
    assert.equal((await inTransaction(watched, none, [countNotes]))[0].rowCount, 1);
    await watched.end();
  });
});

async function backendPid(pool: DatabasePool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

interface AnswerEatingProxy extends AsyncDisposable {
  readonly port: number;
  /** Lets the next request through and closes the connection instead of passing its answer on. */
  eatNextAnswer(): void;
  /** Takes what comes and passes no answer on, until `speak`. */
  fallSilent(): void;
  speak(): void;
}

async function answerEatingProxy(serverPort: number): Promise<AnswerEatingProxy> {
  let isHungry = false;
  let isSilent = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('data', (data) => upstream.write(data)).on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (data) => {
      if (isSilent) return;
      if (!isHungry) return client.write(data);
      isHungry = false;
      return client.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    eatNextAnswer: () => {
      isHungry = true;
    },
    fallSilent: () => {
      isSilent = true;
    },
    speak: () => {
      isSilent = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
