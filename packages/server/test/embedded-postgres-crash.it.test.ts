/**
 * Guarantee: no death of a platform process or of the database server loses a committed row, leaves two servers on one data
 * directory, or takes the database from a process that still uses it.
 */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { skippedOutsideChaos } from '@colloquy/testkit';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import {
  PlatformProcess,
  eventually,
  isAlive,
  postmasterPid,
  runSql,
  temporaryDirectory,
} from './embedded-postgres-harness.ts';

describe('the embedded PostgreSQL under crashes', () => {
  it('survives the kill of the platform and is taken over by the next one', { skip: skippedOutsideChaos }, async () => {
    await using directory = await temporaryDirectory();
    const killed = new PlatformProcess(directory.path);
    const { adminUrl = '' } = await killed.said('up');
    await runSql(adminUrl, 'create table kept (id int); insert into kept values (7)');
    const pid = await postmasterPid(directory.path);
    await killed.kill();
    assert.ok(pid !== undefined && isAlive(pid), 'the server runs on');

    const next = await startEmbeddedPostgres({ dataDir: directory.path });
    assert.deepEqual([next.adopted, next.adminUrl], [true, adminUrl]);
    assert.equal(await postmasterPid(directory.path), pid);
    assert.deepEqual(await runSql(next.adminUrl, 'select id from kept'), [[7]]);
    await next.stop();
    assert.equal(isAlive(pid), false, 'the dead user does not keep the server alive');
  });

  it('comes back on the same port and socket with every committed row when the server is killed', async () => {
    await using directory = await temporaryDirectory();
    const events: string[] = [];
    await using server = await startEmbeddedPostgres({
      dataDir: directory.path,
      onEvent: ({ kind }) => events.push(kind),
    });
    await runSql(server.adminUrl, 'create table kept (id int)');
    for (const round of [1, 2]) {
      await runSql(server.adminUrl, `insert into kept values (${round})`);
      await killPostmaster(directory.path);
      await eventually('the server is back', () => (events.length === 2 * round ? true : undefined));
      assert.equal((await runSql(server.adminUrl, 'select id from kept')).length, round);
    }
    assert.deepEqual(events, ['crashed', 'restarted', 'crashed', 'restarted']);
  });

  it('is brought back by a process that did not start it', { skip: skippedOutsideChaos }, async () => {
    await using directory = await temporaryDirectory();
    const starter = new PlatformProcess(directory.path);
    const { adminUrl = '' } = await starter.said('up');
    await runSql(adminUrl, 'create table kept (id int); insert into kept values (1)');
    await starter.kill();
    await using second = new PlatformProcess(directory.path);
    assert.equal((await second.said('up')).adopted, true);
    await killPostmaster(directory.path);
    await second.said('restarted');
    assert.deepEqual(await runSql(adminUrl, 'select id from kept'), [[1]]);
    await second.leave();
  });

  it('is shared: it serves until the last of its processes leaves', { skip: skippedOutsideChaos }, async () => {
    await using directory = await temporaryDirectory();
    await using first = new PlatformProcess(directory.path);
    const { adminUrl = '' } = await first.said('up');
    await using second = new PlatformProcess(directory.path);
    assert.equal((await second.said('up')).adminUrl, adminUrl);
    const pid = (await postmasterPid(directory.path)) ?? 0;
    await first.leave();
    assert.deepEqual(await runSql(adminUrl, 'select 1'), [[1]]);
    await second.leave();
    assert.equal(isAlive(pid), false);
  });

  it(
    'is one server when many processes start at the same moment, and when its death finds many of them',
    { skip: skippedOutsideChaos },
    async () => {
      await using directory = await temporaryDirectory();
      const platforms = Array.from({ length: 4 }, () => new PlatformProcess(directory.path));
      const ups = await Promise.all(platforms.map((platform) => platform.said('up')));
      assert.equal(new Set(ups.map(({ adminUrl }) => adminUrl)).size, 1);
      assert.equal(ups.filter(({ adopted }) => adopted === false).length, 1);
      await killPostmaster(directory.path);
      await Promise.all(platforms.map((platform) => platform.said('restarted')));
      const pid = (await postmasterPid(directory.path)) ?? 0;
      assert.deepEqual(await runSql(ups[0]?.adminUrl ?? '', 'select 1'), [[1]]);
      for (const platform of platforms) await platform.leave();
      assert.equal(isAlive(pid), false);
      assert.deepEqual(await readdir(join(directory.path, 'users')), []);
    },
  );

  it(
    'starts when platform and server were killed together, also when another process now has the recorded id',
    { skip: skippedOutsideChaos },
    async () => {
      await using directory = await temporaryDirectory();
      const killed = new PlatformProcess(directory.path);
      const { adminUrl = '' } = await killed.said('up');
      await runSql(adminUrl, 'create table kept (id int); insert into kept values (3)');
      await killed.kill();
      await killPostmaster(directory.path);
      const pidFile = join(directory.path, 'cluster', 'postmaster.pid');
      await writeFile(pidFile, `${process.pid}\n${join(directory.path, 'cluster')}\n1\n15432\n`);
      await using server = await startEmbeddedPostgres({ dataDir: directory.path });
      assert.equal(server.adopted, false);
      assert.deepEqual(await runSql(server.adminUrl, 'select id from kept'), [[3]]);
    },
  );

  it('stops, and says so, when the server cannot be kept alive', { skip: skippedOutsideChaos }, async () => {
    await using directory = await temporaryDirectory();
    const events: string[] = [];
    await using server = await startEmbeddedPostgres({
      dataDir: directory.path,
      onEvent: ({ kind }) => events.push(kind),
    });
    const isOver = (): true | undefined => (events.includes('gave-up') ? true : undefined);
    for (let kills = 1; isOver() === undefined; kills += 1) {
      assert.ok(kills <= 6, 'restarts are bounded');
      await killPostmaster(directory.path);
      await eventually('the restart', () => isOver() ?? (events.length >= 2 * kills ? true : undefined));
    }
    assert.equal(events.filter((kind) => kind === 'restarted').length, 5);
    await assert.rejects(runSql(server.adminUrl, 'select 1'));
  });
});

async function killPostmaster(dataDir: string): Promise<void> {
  const pid = await eventually('a server runs', () => postmasterPid(dataDir));
  process.kill(pid, 'SIGKILL');
}
