/**
 * Guarantee: events are appended with their cause or not at all, once for each cause, in the order in which their transactions commit, only for
 * tenants with a sink for them, and never beyond the bound.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { appendToOutbox } from '../src/adapters/postgres/event-outbox.ts';
import { inTransaction } from '../src/adapters/postgres/transaction.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { eventUuidOf } from '../src/kernel/outbox-event.ts';
import type { EventType, OutboxEvent } from '../src/kernel/outbox-event.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

const usage = 'dev.colloquy.usage.recorded.v1';
const low = 'dev.colloquy.credits.low.v1';

function eventOf(cause: string, type: EventType = usage): OutboxEvent {
  const time = new Date('2026-11-25T12:00:00.000Z');
  return { eventId: eventUuidOf(type, cause), type, subject: `tasks/${cause}`, time, data: { cause } };
}

describe('the outbox of a tenant', () => {
  let setting: TaskSetting;

  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function newTenant(...types: readonly string[]): Promise<TenantId> {
    const { tenantId } = await setting.seedTenant();
    if (types.length > 0)
      await setting.rows(
        `insert into colloquy.event_sinks (tenant_id, name, sink_id, url, origin, types, sent_seq, changed_by)
         values ($1, 'billing', gen_random_uuid(), 'https://billing.example/x', 'https://billing.example', $2, 0, 'cli_seed')`,
        uuidOf(tenantId),
        types,
      );
    return tenantId;
  }

  async function append(tenantId: TenantId, ...events: readonly OutboxEvent[]): Promise<bigint | undefined> {
    const options = { tenantIds: [uuidOf(tenantId)] };
    const [{ rows }] = await inTransaction(setting.readers, options, [appendToOutbox(tenantId, events)]);
    return rows[0]?.appended;
  }

  const outboxOf = async (tenantId: TenantId): Promise<[bigint, string][]> =>
    (
      await setting.rows<{ seq: bigint; subject: string }>(
        'select seq, subject from colloquy.event_outbox where tenant_id = $1 order by seq',
        uuidOf(tenantId),
      )
    ).map(({ seq, subject }) => [seq, subject]);

  it('gets each event once, without gaps, however often its cause is processed', async () => {
    const tenantId = await newTenant('dev.colloquy.usage.*');
    assert.equal(await append(tenantId, eventOf('a'), eventOf('b'), eventOf('a')), 2n);
    assert.equal(await append(tenantId, eventOf('b'), eventOf('c')), 1n);
    const expected = ['a', 'b', 'c'].map((cause, at) => [BigInt(at + 1), `tasks/${cause}`]);
    assert.deepEqual(await outboxOf(tenantId), expected);
  });

  it('gets only what a sink of the tenant is set for, and nothing without a sink', async () => {
    const [without, some, every] = [await newTenant(), await newTenant('*.low.v1', 'never'), await newTenant('*')];
    const events = [eventOf('a'), eventOf('b', low)];
    assert.equal(await append(without, ...events), 0n);
    assert.equal(await append(some, ...events), 1n);
    assert.equal(await append(every, ...events), 2n);
    assert.deepEqual(await outboxOf(without), []);
    assert.deepEqual(await outboxOf(some), [[1n, 'tasks/b']]);
  });

  it('gets nothing when the transaction of the cause fails', async () => {
    const tenantId = await newTenant('*');
    const failing = { name: 'fail-after-append', text: 'select 1 / 0', values: [] };
    const options = { tenantIds: [uuidOf(tenantId)] };
    const statements = [appendToOutbox(tenantId, [eventOf('a')]), failing];
    await assert.rejects(inTransaction(setting.readers, options, statements), { code: '22012' });
    assert.deepEqual(await outboxOf(tenantId), []);
    assert.equal(await append(tenantId, eventOf('b')), 1n);
    assert.deepEqual(await outboxOf(tenantId), [[1n, 'tasks/b']]);
  });

  it('numbers events in the order in which their transactions commit', async () => {
    const tenantId = await newTenant('*');
    await append(tenantId, eventOf('first'));
    const holder = await setting.readers.connect();
    await holder.query('begin');
    await holder.query(`select set_config('colloquy.tenant_ids', $1, true)`, [`{${uuidOf(tenantId)}}`]);
    const { text, values } = appendToOutbox(tenantId, [eventOf('slow')]);
    await holder.query(text, [...values]);
    const waiting = append(tenantId, eventOf('quick'));
    await eventually('the second transaction waits for the first', async () => {
      const waits = await setting.rows(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waits.length === 1;
    });
    await holder.query('commit');
    holder.release();
    assert.equal(await waiting, 1n);
    const subjects = (await outboxOf(tenantId)).map(([, subject]) => subject);
    assert.deepEqual(subjects, ['tasks/first', 'tasks/slow', 'tasks/quick']);
  });

  it('drops the oldest above the bound', async () => {
    const tenantId = await newTenant('*');
    const text = 'select colloquy.append_to_outbox($1::uuid, $2::jsonb, 2)';
    for (const causes of [['a', 'b'], ['c']]) {
      const values = [uuidOf(tenantId), JSON.stringify(causes.map((cause) => eventOf(cause)))];
      const statement = { name: 'append-bounded', text, values };
      await inTransaction(setting.readers, { tenantIds: [uuidOf(tenantId)] }, [statement]);
    }
    assert.deepEqual(await outboxOf(tenantId), [
      [2n, 'tasks/b'],
      [3n, 'tasks/c'],
    ]);
  });

  it('takes events of a function that counts for every tenant', async () => {
    const tenantId = await newTenant('*');
    const events = JSON.stringify([eventOf('counted')]);
    await setting.rows(`do $$ begin
      set local role colloquy_counter;
      perform colloquy.append_to_outbox('${uuidOf(tenantId)}', '${events}', 1);
    end $$`);
    assert.deepEqual(await outboxOf(tenantId), [[1n, 'tasks/counted']]);
  });

  it('takes nothing for another tenant', async () => {
    const [own, other] = [await newTenant('*'), await newTenant('*')];
    const foreign = appendToOutbox(other, [eventOf('a')]);
    const [{ rows }] = await inTransaction(setting.readers, { tenantIds: [uuidOf(own)] }, [foreign]);
    assert.equal(rows[0]?.appended, 0n);
    assert.deepEqual(await outboxOf(other), []);
  });
});
