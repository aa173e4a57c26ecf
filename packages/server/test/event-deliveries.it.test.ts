/**
 * Guarantee: every sink gets the events of its tenant that it is set for, signed, in the order of their commits and at least once, whatever happens to
 * the process that delivers; an event that fails every attempt is kept, and no sink leads to an address that the tenant may not call.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { eventually, quickLeases, startPlatformProcess, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { appendToOutbox } from '../src/adapters/postgres/event-outbox.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { inTransaction } from '../src/adapters/postgres/transaction.ts';
import { idOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { eventUuidOf } from '../src/kernel/outbox-event.ts';
import type { EventType } from '../src/kernel/outbox-event.ts';
import { publicUrl, startClusterDatabase } from './cluster-setting.ts';
import type { ClusterDatabase } from './cluster-setting.ts';
import { isSigned, startReceiver } from './webhook-receiver.ts';
import type { ReceivedCall, WebhookReceiver } from './webhook-receiver.ts';

const usage = 'dev.colloquy.usage.recorded.v1';
const low = 'dev.colloquy.credits.low.v1';
const env = {
  COLLOQUY_PUBLIC_URL: publicUrl,
  COLLOQUY_PUSH_RETRY_MS: '10',
  COLLOQUY_PUSH_ANSWER_MS: '5000',
  ...quickLeases,
};

interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly [attribute: string]: unknown;
}

const eventOf = ({ body }: ReceivedCall): ReceivedEvent => JSON.parse(body) as ReceivedEvent;

describe('events', () => {
  let cluster: ClusterDatabase;
  /** Serves the admin API; it delivers nothing. */
  let control: TestPlatform;
  let tenant: TestTenant;
  let receiver: WebhookReceiver;
  let pool: DatabasePool;
  let tenantUuid: string;

  before(async () => {
    cluster = await startClusterDatabase(false);
    control = await startTestPlatform({
      database: cluster.database,
      env: { ...env, COLLOQUY_ROLES: 'gateway,control' },
    });
    tenant = await control.createTenant('acme');
    pool = createPool({
      url: cluster.database.adminUrl,
      role: 'colloquy_app',
      connectionsMax: 1,
      applicationName: 'events-test',
    });
    const [row] = await cluster.rows<{ id: string }>(
      `select tenant_id as id from colloquy.tenants where slug = 'acme'`,
    );
    tenantUuid = row?.id ?? '';
    receiver = await startReceiver();
  });
  after(async () => {
    await control[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await pool.end();
    await cluster[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    receiver.answer = () => 200;
  });

  const startWorker = () =>
    startPlatformProcess({ database: cluster.database, env: { ...env, COLLOQUY_ROLES: 'worker' } });

  /** One transaction with an event for each cause. */
  async function append(causes: readonly string[], type: EventType = usage): Promise<void> {
    const time = new Date();
    const events = causes.map((cause) => ({
      eventId: eventUuidOf(type, cause),
      type,
      subject: `tasks/${cause}`,
      time,
      data: { cause },
    }));
    await inTransaction(pool, { tenantIds: [tenantUuid] }, [appendToOutbox(idOf('tnt', tenantUuid), events)]);
  }
  const subjectsAt = (path: string): readonly string[] => receiver.at(path).map((call) => eventOf(call).subject);
  const withoutRepeats = (items: readonly string[]): readonly string[] =>
    items.filter((item, at) => item !== items[at - 1]);
  const names = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${prefix}${String(n)}`);
  const subjects = (causes: readonly string[]): string[] => causes.map((cause) => `tasks/${cause}`);
  const set = (sink: string, path: string, ...types: readonly string[]) =>
    tenant.client.admin.setEventSink({ sink, body: { url: receiver.url + path, types: [...types] } });
  const sinkOf = (sink: string) => tenant.client.admin.getEventSink({ sink });
  const settled = (sink: string) =>
    eventually(`${sink} has passed every event`, async () => {
      const shown = await sinkOf(sink);
      return shown.backlog === 0 && shown;
    });

  it('reach their sink in order and at least once over processes that are killed while they send', async () => {
    const causes = names('killed-', 12);
    await set('killed', '/killed', '*');
    await append(causes.slice(0, 6));
    await append(causes.slice(6));
    for (const reached of [1, 5, 9]) {
      receiver.answer = ({ path }) => (receiver.at(path).length > reached ? null : 200);
      const worker = await startWorker();
      await eventually('a call is under way', () => receiver.at('/killed').length > reached, 30_000);
      await worker.kill();
    }
    receiver.answer = () => 200;
    const last = await startWorker();
    await settled('killed');
    assert.deepEqual(withoutRepeats(subjectsAt('/killed')), subjects(causes));
    const repeats = receiver.at('/killed').length - causes.length;
    assert.ok(repeats >= 1 && repeats <= 3, `${String(repeats)} repeats`);
    await last.kill();
    await tenant.client.admin.unsetEventSink({ sink: 'killed' });
  });

  it('reach no receiver that does not answer the challenge, where one is asked for', async () => {
    const asking = { ...env, COLLOQUY_PUSH_CHALLENGE: 'on' };
    receiver.answer = ({ method }) => (method === 'GET' ? 'not what was asked' : 200);
    await set('asked', '/asked', '*');
    await append(['unasked']);
    const platform = await startTestPlatform({ database: cluster.database, env: asking });
    const refused = await eventually('the challenge failed', async () => {
      const shown = await sinkOf('asked');
      return shown.attempts > 0 && shown;
    });
    assert.deepEqual([refused.lastReason, refused.lastStatus], ['challenge-failed', undefined]);
    const { admin } = tenant.client;
    const other = await platform.createTenant('other');
    const body = { url: `${receiver.url}/asked`, types: ['*'] };
    await other.client.admin.setEventSink({ sink: 'asked', body });
    const tested = await other.client.admin.testEventSink({ sink: 'asked' });
    assert.deepEqual(tested, { isDelivered: false, reason: 'challenge-failed' });
    assert.deepEqual(subjectsAt('/asked'), []);
    receiver.answer = ({ method, path }) =>
      method === 'GET' ? (new URL(path, receiver.url).searchParams.get('validationToken') ?? 404) : 200;
    await set('asked', '/asked', '*');
    await settled('asked');
    assert.deepEqual(subjectsAt('/asked'), ['tasks/unasked']);
    await platform[Symbol.asyncDispose]();
    await admin.unsetEventSink({ sink: 'asked' });
  });

  describe('of a worker', () => {
    let worker: Awaited<ReturnType<typeof startWorker>>;
    before(async () => {
      worker = await startWorker();
    });
    after(() => worker.kill());

    it('are CloudEvents in structured mode, signed, only of the types of the sink, in the order of their commits', async () => {
      await append(['before']);
      await set('all', '/all', '*');
      await set('some', '/some', 'dev.colloquy.credits.*');
      const { signingSecret } = await tenant.client.admin.showEventSinkSecret({ sink: 'all' });
      const causes = names('n', 120);
      await append(causes);
      await append(['warning'], low);
      await settled('all');
      await settled('some');
      assert.deepEqual(subjectsAt('/all'), subjects([...causes, 'warning']));
      assert.deepEqual(subjectsAt('/some'), ['tasks/warning']);
      const events = receiver.at('/all').map(eventOf);
      const sequences = events.map(({ sequence }) => sequence);
      assert.deepEqual(sequences, [...new Set(sequences)].toSorted());
      for (const call of receiver.at('/all')) {
        assert.ok(isSigned(call, signingSecret));
        assert.equal(call.headers['content-type'], 'application/cloudevents+json; charset=utf-8');
        assert.equal(call.headers['webhook-id'], eventOf(call).id);
        assert.equal(call.headers['colloquy-delegation'], undefined);
      }
      const { id, time, sequence, ...rest } = events.at(-1) ?? assert.fail();
      assert.deepEqual([id, String(time).length, sequence.length], [`evt_${eventUuidOf(low, 'warning')}`, 24, 20]);
      assert.deepEqual(rest, {
        specversion: '1.0',
        source: `${publicUrl}/api/v1/tenants/acme`,
        type: low,
        subject: 'tasks/warning',
        datacontenttype: 'application/json',
        data: { cause: 'warning' },
      });
      for (const sink of ['all', 'some']) await tenant.client.admin.unsetEventSink({ sink });
    });

    it('wait behind one that is retried, and one that fails every attempt is kept and can be replayed', async () => {
      await set('failing', '/failing', '*');
      receiver.answer = ({ body }) => (body.includes('tasks/bad') ? 500 : 200);
      await append(['good', 'bad', 'next']);
      await eventually('every attempt is made', async () => {
        await cluster.rows(`update colloquy.event_sinks set due_at = least(due_at, now()) where name = 'failing'`);
        return (await sinkOf('failing')).backlog === 0;
      });
      const attempts = Array.from({ length: limits.eventAttemptsMax }, () => 'tasks/bad');
      assert.deepEqual(subjectsAt('/failing'), ['tasks/good', ...attempts, 'tasks/next']);
      assert.equal((await sinkOf('failing')).deadLetters, 1);
      const { items } = await tenant.client.admin.listEventDeadLetters({ sink: 'failing' });
      const kept = items.map(({ subject, lastStatus, lastReason, attempts: made }) => [
        subject,
        lastStatus,
        lastReason,
        made,
      ]);
      assert.deepEqual(kept, [['tasks/bad', 500, 'http-status', limits.eventAttemptsMax]]);
      // The replay fails once more, and its event stays.
      assert.deepEqual(await tenant.client.admin.replayEvents({ sink: 'failing' }), { queued: 1 });
      await eventually('the replay failed', async () => {
        const [letter] = (await tenant.client.admin.listEventDeadLetters({ sink: 'failing' })).items;
        return letter?.isReplaying === false && letter.attempts === limits.eventAttemptsMax + 1;
      });
      receiver.answer = () => 200;
      await tenant.client.admin.replayEvents({ sink: 'failing' });
      await eventually('the replay arrived', async () => (await sinkOf('failing')).deadLetters === 0);
      assert.deepEqual(subjectsAt('/failing').slice(-2), ['tasks/bad', 'tasks/bad']);
      const ids = receiver.at('/failing').map((call) => eventOf(call).id);
      assert.equal(new Set(ids).size, 3);
      await tenant.client.admin.unsetEventSink({ sink: 'failing' });
    });

    it('of other types before one that fails do not begin its attempts anew', async () => {
      await set('others', '/others', low);
      await set('mixed', '/mixed', usage);
      receiver.answer = ({ body }) => (body.includes('tasks/fails') ? 500 : 200);
      await append(['skipped'], low);
      await append(['fails', 'after']);
      await eventually(
        'every attempt is made',
        async () => {
          await cluster.rows(`update colloquy.event_sinks set due_at = least(due_at, now()) where name = 'mixed'`);
          return subjectsAt('/mixed').length > limits.eventAttemptsMax;
        },
        30_000,
      );
      const shown = await settled('mixed');
      const attempts = Array.from({ length: limits.eventAttemptsMax }, () => 'tasks/fails');
      assert.deepEqual(subjectsAt('/mixed'), [...attempts, 'tasks/after']);
      assert.deepEqual([shown.attempts, shown.deadLetters], [0, 1]);
      for (const sink of ['others', 'mixed']) await tenant.client.admin.unsetEventSink({ sink });
    });

    it('that were to be replayed and were deleted do not keep their sink due', async () => {
      await set('idle', '/idle', usage);
      await cluster.rows(`update colloquy.event_sinks set has_replays = true, due_at = now() where name = 'idle'`);
      await eventually('nothing is left to replay', async () => {
        const idle = `name = 'idle' and not has_replays and lease_id is null`;
        return (await cluster.rows(`select from colloquy.event_sinks where ${idle}`)).length === 1;
      });
      assert.deepEqual(subjectsAt('/idle'), []);
      await tenant.client.admin.unsetEventSink({ sink: 'idle' });
    });

    it('wait for a receiver that answered 410 until its sink is set again', async () => {
      await set('gone', '/gone', '*');
      receiver.answer = () => 410;
      await append(['one', 'two']);
      const gone = await eventually('the receiver is gone', async () => {
        const shown = await sinkOf('gone');
        return shown.goneAt !== undefined && shown;
      });
      assert.deepEqual([gone.lastStatus, gone.lastReason, gone.backlog, gone.deadLetters], [410, 'gone', 2, 0]);
      receiver.answer = () => 200;
      await set('gone', '/back', '*');
      const back = await settled('gone');
      assert.equal(back.goneAt, undefined);
      assert.deepEqual(subjectsAt('/gone'), ['tasks/one']);
      assert.deepEqual(subjectsAt('/back'), ['tasks/one', 'tasks/two']);
      await tenant.client.admin.unsetEventSink({ sink: 'gone' });
    });

    it('never reach an address that the tenant may not call, also when its sink was set before', async () => {
      await set('private', '/private', '*');
      await cluster.rows(
        `update colloquy.event_sinks set url = 'http://169.254.169.254/latest' where name = 'private'`,
      );
      await append(['secret']);
      const refused = await eventually('the address is refused', async () => {
        const shown = await sinkOf('private');
        return shown.attempts > 0 && shown;
      });
      assert.deepEqual([refused.lastReason, refused.lastStatus], ['address-refused', undefined]);
      assert.deepEqual(subjectsAt('/private'), []);
      await tenant.client.admin.unsetEventSink({ sink: 'private' });
    });

    it('that leave the outbox before a sink got them are counted, and the next ones arrive', async () => {
      await set('late', '/late', '*');
      await cluster.rows(`update colloquy.event_sinks set due_at = now() + interval '1 hour' where name = 'late'`);
      await append(['lost-1', 'lost-2', 'kept']);
      await cluster.rows(`delete from colloquy.event_outbox where subject <> 'tasks/kept'`);
      await cluster.rows(`update colloquy.event_sinks set due_at = now() where name = 'late'`);
      const shown = await settled('late');
      assert.equal(shown.missed, 2);
      assert.deepEqual(subjectsAt('/late'), ['tasks/kept']);
      await eventually('an operator can read it in the log', () =>
        worker.logLines.some((line) => line.includes('events were dropped before an event sink got them')),
      );
      await tenant.client.admin.unsetEventSink({ sink: 'late' });
    });
  });
});
