/**
 * Guarantee: a database is brought to exactly the schema of this version, each step once and whole, by one process at a time; a
 * database that does not fit is left as it is, and the operator reads why.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pretendPostgres } from '@colloquy/testkit';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import type { EmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import { MigrationError, ensureRuntimeLogin, lockMigrations, migrate } from '../src/adapters/postgres/migrate.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { runSql, temporaryDirectory, withConnection } from './embedded-postgres-harness.ts';

const files = {
  '0001-first.sql': 'create table first (id int primary key);\ninsert into first values (1);',
  '0002-second.sql': `do $$ begin
    if not exists (select from pg_roles where rolname = 'test_group') then create role test_group nologin; end if;
  end $$;
  create table second (id int references first);
  grant select on second to test_group;`,
  'policy-template.sql': 'this is no statement',
};

describe('migrations', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedPostgres;
  let databases = 0;

  before(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedPostgres({ dataDir: join(directory.path, 'data') });
  });

  after(async () => {
    await server.stop();
    await directory[Symbol.asyncDispose]();
  });

  /** A new database and a new directory with the two files. */
  async function given(): Promise<{
    adminUrl: string;
    directory: string;
    write: (name: string, sql: string) => Promise<void>;
  }> {
    databases += 1;
    const name = `migrated_${databases}`;
    await runSql(server.adminUrl, `create database ${name}`);
    const path = join(directory.path, name);
    await mkdir(path);
    const write = (file: string, sql: string): Promise<void> => writeFile(join(path, file), sql);
    for (const [file, sql] of Object.entries(files)) await write(file, sql);
    return { adminUrl: server.adminUrl.replace('/colloquy?', `/${name}?`), directory: path, write };
  }

  it('are applied in order, once, and recorded', async () => {
    const { adminUrl, directory, write } = await given();
    assert.deepEqual(await migrate({ adminUrl, directory }), { applied: ['0001-first.sql', '0002-second.sql'] });
    assert.deepEqual(await migrate({ adminUrl, directory }), { applied: [] });
    await write('0003-third.sql', 'insert into second values (1)');
    assert.deepEqual(await migrate({ adminUrl, directory }), { applied: ['0003-third.sql'] });
    assert.deepEqual(await runSql(adminUrl, 'select name from public.schema_migrations order by name'), [
      ['0001-first.sql'],
      ['0002-second.sql'],
      ['0003-third.sql'],
    ]);
    assert.deepEqual(await runSql(adminUrl, 'select id from second'), [[1]]);
  });

  it('run once when several processes start together, and for several databases of one server at once', async () => {
    const one = await given();
    const other = await given();
    const results = await Promise.all([one, one, one, other, other].map((database) => migrate(database)));
    assert.equal(results.flatMap(({ applied }) => applied).length, 4);
    assert.deepEqual(await runSql(one.adminUrl, 'select id from first'), [[1]]);
    assert.deepEqual(await runSql(other.adminUrl, 'select id from first'), [[1]]);
  });

  it('are whole: a file that fails leaves nothing and names its line', async () => {
    const { adminUrl, directory, write } = await given();
    await write('0003-third.sql', 'create table third (id int);\n\nselect * from missing_table;');
    await rejectsWith('statement-failed', migrate({ adminUrl, directory }), /0003-third\.sql.*line 3.*missing_table/);
    assert.deepEqual(await runSql(adminUrl, `select to_regclass('third'), to_regclass('second')::text`), [
      [null, 'second'],
    ]);
    await write('0003-third.sql', 'create table third (id int);');
    assert.deepEqual((await migrate({ adminUrl, directory })).applied, ['0003-third.sql']);
  });

  it('refuse an applied file that has changed, but not its line ends', async () => {
    const { adminUrl, directory, write } = await given();
    await migrate({ adminUrl, directory });
    await write('0001-first.sql', files['0001-first.sql'].replaceAll('\n', '\r\n'));
    assert.deepEqual(await migrate({ adminUrl, directory }), { applied: [] });
    await write('0001-first.sql', 'create table first (id bigint primary key)');
    await write('0003-third.sql', 'create table third ()');
    await rejectsWith('checksum-changed', migrate({ adminUrl, directory }), /0001-first\.sql/);
    assert.deepEqual(await runSql(adminUrl, `select to_regclass('third')`), [[null]]);
  });

  it('refuse a database of a newer version, and a file that comes too late', async () => {
    const { adminUrl, directory, write } = await given();
    await write('0004-fourth.sql', 'create table fourth ()');
    await migrate({ adminUrl, directory });
    await write('0003-third.sql', 'create table third ()');
    await rejectsWith('out-of-order', migrate({ adminUrl, directory }), /0003-third\.sql/);
    const older = await given();
    await copyFile(join(older.directory, '0001-first.sql'), join(older.directory, 'first.sql'));
    await rejectsWith('database-newer', migrate({ adminUrl, directory: older.directory }), /0004-fourth\.sql/);
    assert.deepEqual(await runSql(adminUrl, `select to_regclass('third')`), [[null]]);
  });

  it('wait for another process only so long', async () => {
    const { adminUrl, directory } = await given();
    await withConnection(adminUrl, async (client) => {
      await lockMigrations(client);
      await rejectsWith('lock-timeout', migrate({ adminUrl, directory, lockWaitMs: 50 }), /50 ms/);
    });
    assert.equal((await migrate({ adminUrl, directory })).applied.length, 2);
  });

  it('refuse a server that may lose committed rows, unless told to accept it', async () => {
    const { adminUrl, directory } = await given();
    await runSql(adminUrl, `alter role colloquy_admin in database migrated_${databases} set synchronous_commit = off`);
    await rejectsWith('unsafe-server', migrate({ adminUrl, directory }), /synchronous_commit/);
    assert.deepEqual(await runSql(adminUrl, `select to_regclass('schema_migrations')`), [[null]]);
    assert.equal((await migrate({ adminUrl, directory, allowUnsafe: true })).applied.length, 2);
  });

  it('say when they cannot be read', async () => {
    const missing = migrate({ adminUrl: server.adminUrl, directory: join(directory.path, 'missing') });
    await rejectsWith('directory-unreadable', missing, /missing/);
  });

  it('give the runtime a login that can do nothing but take on its roles', async () => {
    const { adminUrl, directory } = await given();
    await migrate({ adminUrl, directory });
    const { login, password } = server.runtimeLogin;
    const runtime = { adminUrl, login, password, memberOf: ['test_group'] };
    await runSql(adminUrl, `create role ${login} superuser`);
    await Promise.all([1, 2, 3, 4].map(() => ensureRuntimeLogin(runtime)));
    const runtimeUrl = adminUrl.replace(/\/\/[^@]*@/, `//${login}:${password}@`);
    assert.deepEqual(await runSql(runtimeUrl, 'select current_user::text, current_database()::text'), [
      [login, `migrated_${databases}`],
    ]);
    await assert.rejects(runSql(runtimeUrl, 'select from second'), { code: '42501' });
    await using pool = {
      pool: createPool({ url: runtimeUrl, role: 'test_group', connectionsMax: 1, applicationName: 'test' }),
      [Symbol.asyncDispose]: () => pool.pool.end(),
    };
    assert.equal((await pool.pool.query('select from second')).rowCount, 0);
    await assert.rejects(pool.pool.query('create role intruder'), { code: '42501' });
    const rights = `select rolsuper or rolinherit or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication from pg_roles`;
    assert.deepEqual(await runSql(adminUrl, `${rights} where rolname = '${login}'`), [[false]]);
    await ensureRuntimeLogin({ ...runtime, password: 'changed' });
    await assert.rejects(runSql(runtimeUrl, 'select 1'), { code: '28P01' });
  });

  it('are not begun on a server that is too old, and the operator reads which version is needed', async () => {
    const { directory } = await given();
    for (const [version, said] of [
      ['14.21', /PostgreSQL 14\.21; Colloquy needs PostgreSQL 15 or newer.*Upgrade/],
      ['9.6.24', /PostgreSQL 9\.6\.24; Colloquy needs PostgreSQL 15 or newer/],
    ] as const) {
      await using old = await pretendPostgres(version);
      await rejectsWith('server-too-old', migrate({ adminUrl: old.url, directory }), said);
    }
  });

  it('of the product can be applied to two databases of one server', async () => {
    const product = fileURLToPath(new URL('../migrations', import.meta.url));
    const [one, other] = [await given(), await given()];
    const first = await migrate({ adminUrl: one.adminUrl, directory: product });
    assert.match(first.applied[0] ?? '', /^0001-/);
    assert.deepEqual(await migrate({ adminUrl: other.adminUrl, directory: product }), first);
    assert.ok((await readFile(join(product, first.applied[0] ?? ''), 'utf8')).length > 0);
  });
});

async function rejectsWith(code: string, work: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}
