/**
 * Guarantee: processes notify each other cheaply that logs grew, never themselves, reconnect after a cut, and nothing depends on the notifications.
 * Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually, FakeClock, startDatabaseProxy } from '@colloquy/testkit';
import { Client } from 'pg';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { NotificationListener } from '../src/adapters/postgres/notifications/notification-listener.ts';
import { NotificationSender, tasksChannel } from '../src/adapters/postgres/notifications/notification-sender.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

describe('notifications', () => {
  let setting: TaskSetting;
  /** Sees what goes over the channel. */
  let watcher: Client;
  const payloads: string[] = [];
  const open: NotificationListener[] = [];

  before(async () => {
    setting = await startTaskSetting();
    watcher = new Client({ connectionString: setting.database.adminUrl });
    await watcher.connect();
    watcher.on('notification', ({ payload }) => payloads.push(payload ?? ''));
    await watcher.query(`listen ${tasksChannel}`);
  });
  after(async () => {
    await watcher.end();
    await setting[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((listener) => listener.stop()));
    payloads.length = 0;
  });

  async function listen(
    sender: string,
    url = setting.database.adminUrl,
  ): Promise<{ heard: TaskId[]; listener: NotificationListener }> {
    const heard: TaskId[] = [];
    const onTask = (taskId: TaskId) => void heard.push(taskId);
    const listener = new NotificationListener({
      url,
      clock: systemClock,
      sender,
      onTask,
      onRoutes: () => undefined,
      onAccess: () => undefined,
      onBreakers: () => undefined,
    });
    open.push(listener);
    await listener.start();
    return { heard, listener };
  }

  function senderOf(sender: string): NotificationSender {
    const notifications = new NotificationSender({ pool: setting.readers, clock: systemClock, sender });
    notifications.noteOtherNodes(1);
    return notifications;
  }

  const newTasks = (count: number): TaskId[] => Array.from({ length: count }, () => setting.ids.next('tsk'));

  const idsIn = (payload: string): string[] => payload.slice(payload.indexOf(':') + 1).split(',');

  it('STREAM-8 reach every other process and not their sender', async () => {
    const [own, one, other] = await Promise.all([listen('here'), listen('there'), listen('elsewhere')]);
    const tasks = newTasks(3);
    const sender = senderOf('here');
    for (const task of tasks) sender.announce(task);
    await eventually('both hear', () => one.heard.length === 3 && other.heard.length === 3);
    assert.deepEqual(one.heard.toSorted(), tasks.toSorted());
    assert.deepEqual(other.heard.toSorted(), tasks.toSorted());
    await eventually('the payload is seen', () => payloads.length === 1);
    assert.deepEqual(own.heard, []);
  });

  it('STREAM-8 that arrive together leave together: each id once, few notifications, none too long for the database', async () => {
    const { heard } = await listen('there');
    const tasks = newTasks(1_000);
    const sender = senderOf('here');
    for (let round = 0; round < 5; round += 1) for (const task of tasks) sender.announce(task);
    await eventually('all are heard', () => heard.length === 1_000);
    assert.deepEqual(heard.toSorted(), tasks.toSorted());
    // The connection that watches may hear later than the one that listens.
    await eventually('all are seen', () => payloads.flatMap(idsIn).length >= 1_000);
    assert.equal(payloads.flatMap(idsIn).length, 1_000);
    assert.equal(payloads.length, 5);
    assert.ok(payloads.every((payload) => payload.length < 8_000));
  });

  it('are not sent while no node listens, and not kept for later', async () => {
    const sender = senderOf('here');
    sender.noteOtherNodes(0);
    sender.announce(setting.ids.next('tsk'));
    sender.noteOtherNodes(1);
    const [task] = newTasks(1);
    assert.ok(task !== undefined);
    sender.announce(task);
    await eventually('one is sent', () => payloads.length > 0);
    assert.equal(payloads.length, 1);
    assert.match(payloads[0] ?? '', new RegExp(`^here:${task.slice(4)}$`));
  });

  it('are forgotten above a bound, so that a database that is away costs no memory', async () => {
    const clock = new FakeClock();
    const sender = new NotificationSender({ pool: setting.readers, clock, sender: 'here' });
    sender.noteOtherNodes(1);
    for (const task of newTasks(10_500)) sender.announce(task);
    const { heard } = await listen('there');
    for (let rounds = 0; clock.pendingTimers > 0 || heard.length < 10_000; rounds += 1) {
      assert.ok(rounds < 2_000, `${heard.length} heard`);
      await clock.advance(10);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.equal(heard.length, 10_000);
  });

  it('STREAM-8 are heard again after the connection was cut, and before that nothing breaks', async () => {
    const { heard } = await listen('there');
    const cuts = await setting.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'colloquy notifications' and datname = current_database()`,
    );
    assert.equal(cuts.length, 1);
    const sender = senderOf('here');
    await eventually('it listens again', () => {
      sender.announce(setting.ids.next('tsk'));
      return heard.length > 0;
    });
  });

  it('come back after a database that was away for a while', async () => {
    await using proxy = await startDatabaseProxy(setting.database.adminUrl);
    const { heard, listener } = await listen('there', proxy.url);
    proxy.goAway();
    await eventually('it tries in vain', () => proxy.refusedConnections > 0);
    proxy.comeBack();
    const sender = senderOf('here');
    await eventually('it listens again', () => {
      sender.announce(setting.ids.next('tsk'));
      return heard.length > 0;
    });
    await listener.stop();
  });

  it('of a failed notification are lost without a word, and the next ones go out', async () => {
    await using proxy = await startDatabaseProxy(setting.database.adminUrl);
    await using far = setting.openProcess(proxy.url);
    const { heard } = await listen('there');
    const sender = new NotificationSender({ pool: far.readers, clock: systemClock, sender: 'here' });
    sender.noteOtherNodes(1);
    proxy.goAway();
    sender.announce(setting.ids.next('tsk'));
    await eventually('the first try fails', async () => {
      await assert.rejects(far.readers.query('select 1'));
      return true;
    });
    proxy.comeBack();
    const [task] = newTasks(1);
    assert.ok(task !== undefined);
    await eventually('the next is heard', () => {
      sender.announce(task);
      return heard.includes(task);
    });
  });

  it('end with the listener: nothing is heard and no connection is left', async () => {
    const { heard, listener } = await listen('there');
    await listener.stop();
    const [task] = newTasks(1);
    assert.ok(task !== undefined);
    senderOf('here').announce(task);
    await eventually('the payload is seen', () => payloads.some((payload) => payload.includes(task.slice(4))));
    assert.ok(!heard.includes(task));
    await eventually('the connection is gone', async () => {
      const left = await setting.rows(
        `select from pg_stat_activity where application_name = 'colloquy notifications' and datname = current_database()`,
      );
      return left.length === 0;
    });
  });
});
