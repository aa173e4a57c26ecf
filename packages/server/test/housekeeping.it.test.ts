/** Guarantee: rows that must be kept for a while are kept for that while and then deleted, so that no table grows for ever. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { createHousekeeper } from '../src/adapters/postgres/housekeeping/housekeeper.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';

describe('housekeeping', () => {
  let database: TestDatabase;
  let admin: DatabasePool;
  let workers: DatabasePool;
  before(async () => {
    database = await createTestDatabase();
    admin = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'test' });
    workers = createPool({
      url: database.adminUrl,
      role: 'colloquy_worker',
      connectionsMax: 1,
      applicationName: 'test',
    });
  });
  after(async () => {
    await admin.end();
    await workers.end();
    await database[Symbol.asyncDispose]();
  });

  const countOf = async (table: string): Promise<number> =>
    (await admin.query<{ count: number }>(`select count(*)::int as count from colloquy.${table}`)).rows[0]?.count ?? -1;

  it('forgets idempotency keys after a day, of every tenant, in slices, and none before', async () => {
    const keys = (count: number, age: string): string => `
      insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id, created_at)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() - interval '${age}'
      from generate_series(1, ${String(count)})`;
    await admin.query(keys(12_000, '24 hours 1 minute'));
    await admin.query(keys(7, '23 hours 59 minutes'));
    assert.equal(await createHousekeeper(workers).sweep(), 12_000);
    assert.equal(await countOf('idempotency_keys'), 7);
    assert.equal(await createHousekeeper(workers).sweep(), 0);
  });

  it('forgets expired records of the authorization server and keeps those that live or never expire', async () => {
    await admin.query(`
      insert into colloquy.oidc_records (model, record_id, payload, expires_at) values
        ('a', 'past', '{}', now() - interval '1 second'),
        ('a', 'future', '{}', now() + interval '1 hour'),
        ('a', 'never', '{}', null)`);
    assert.equal(await createHousekeeper(workers).sweep(), 1);
    const left = await admin.query(`select record_id from colloquy.oidc_records order by 1`);
    assert.deepEqual(left.rows, [{ record_id: 'future' }, { record_id: 'never' }]);
  });

  it('forgets nodes a day after their end, and none that lives or still holds a task', async () => {
    await admin.query(`
      insert into colloquy.nodes (node_id, host_name, dead_at) values
        ('00000000-0000-7000-8000-000000000001', 'long dead', now() - interval '25 hours'),
        ('00000000-0000-7000-8000-000000000002', 'just dead', now() - interval '59 minutes'),
        ('00000000-0000-7000-8000-000000000003', 'alive', null)`);
    assert.equal(await createHousekeeper(workers).sweep(), 1);
    const left = await admin.query(`select host_name from colloquy.nodes order by 1`);
    assert.deepEqual(left.rows, [{ host_name: 'alive' }, { host_name: 'just dead' }]);
  });

  it('forgets deliveries a month after they were settled, and none that is still to be made', async () => {
    await admin.query('set session_replication_role = replica');
    await admin.query(`
      insert into colloquy.deliveries (tenant_id, task_id, subscription_id, seq, delivery_id, state, attempts, last_attempt_at)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), state, 1, now() - age
      from unnest(array['delivered', 'dead', 'retrying', 'replaying']) state, unnest(array['31 days', '29 days']::interval[]) age`);
    await admin.query('set session_replication_role = origin');
    assert.equal(await createHousekeeper(workers).sweep(), 2);
    const left = await admin.query(`
      select state, count(*)::int as count from colloquy.deliveries group by state order by state`);
    assert.deepEqual(left.rows, [
      { state: 'dead', count: 1 },
      { state: 'delivered', count: 1 },
      { state: 'replaying', count: 2 },
      { state: 'retrying', count: 2 },
    ]);
    await assert.rejects(workers.query('select url from colloquy.push_subscriptions'), /permission denied/);
    await assert.rejects(workers.query('select delivery_id from colloquy.deliveries'), /permission denied/);
  });

  it('deletes windows of budgets 400 days after their end, and no others', async () => {
    const tenant = '00000000-0000-7000-8000-0000000000b1';
    await admin.query(
      `insert into colloquy.tenants (tenant_id, slug, name) values ('${tenant}', 'windows', 'Windows')`,
    );
    await admin.query(`
      insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits, budget_id, starts_at, ends_at)
      select '${tenant}', gen_random_uuid(), 1, 1, gen_random_uuid(), now() - interval '500 days', ends_at
      from (values (now() - interval '401 days'), (now() - interval '399 days'), (now()), (null)) x (ends_at)`);
    await createHousekeeper(workers).sweep();
    assert.equal(await countOf('delegation_budgets'), 3);
    await createHousekeeper(workers).sweep();
    assert.equal(await countOf('delegation_budgets'), 3);
  });

  it('deletes events of the outbox after a week, dead letters after 30 days and alerts after 400, and none before', async () => {
    await admin.query('set session_replication_role = replica');
    await admin.query(`
      insert into colloquy.event_outbox (tenant_id, seq, event_id, type, subject, occurred_at, data, created_at)
      select gen_random_uuid(), 1, gen_random_uuid(), 'dev.test', 'seed', now(), '{}', now() - age
      from unnest(array['8 days', '6 days']::interval[]) age`);
    await admin.query(`
      insert into colloquy.event_dead_letters
        (tenant_id, sink_name, seq, event_id, type, subject, occurred_at, data, attempts, last_reason, dead_at)
      select gen_random_uuid(), 'seed', 1, gen_random_uuid(), 'dev.test', 'seed', now(), '{}', 12, 'http-status', now() - age
      from unnest(array['31 days', '29 days']::interval[]) age`);
    await admin.query(`
      insert into colloquy.credit_alerts (tenant_id, alert_id, kind, facts, raised_at)
      select gen_random_uuid(), gen_random_uuid(), 'drift', '{}', now() - age
      from unnest(array['401 days', '399 days']::interval[]) age`);
    await admin.query('set session_replication_role = origin');
    assert.equal(await createHousekeeper(workers).sweep(), 3);
    const left = await Promise.all(['event_outbox', 'event_dead_letters', 'credit_alerts'].map(countOf));
    assert.deepEqual(left, [1, 1, 1]);
  });

  it('deletes events of a tenant in the order of their numbers, and goes on after a failure', async () => {
    const tenant = '00000000-0000-7000-8000-0000000000e1';
    const last = limits.housekeepingRowsMax + 1;
    await admin.query('set session_replication_role = replica');
    // The first one began last. The later ones are stored first, and the last one cannot be deleted.
    await admin.query(`
      insert into colloquy.event_outbox (tenant_id, seq, event_id, type, subject, occurred_at, data, created_at)
      select '${tenant}', seq, gen_random_uuid(), 'dev.test', 'seed', now(), '{}',
        now() - interval '7 days' + case when seq = 1 then interval '1 hour' else interval '-1 second' end
      from generate_series(${String(last)}, 1, -1) seq`);
    await admin.query(`
      insert into colloquy.event_dead_letters
        (tenant_id, sink_name, seq, event_id, type, subject, occurred_at, data, attempts, last_reason, dead_at)
      select '${tenant}', 'seed', 1, gen_random_uuid(), 'dev.test', 'seed', now(), '{}', 12, 'http-status', now() - interval '31 days'`);
    await admin.query('set session_replication_role = origin');
    await admin.query(`
      create function public.keep_event() returns trigger language plpgsql as $$ begin raise exception 'kept'; end $$;
      create trigger keep_event before delete on colloquy.event_outbox
        for each row when (old.seq = ${String(last)}) execute function public.keep_event()`);
    await assert.rejects(createHousekeeper(workers).sweep(), AggregateError);
    const events = `select seq::int as seq from colloquy.event_outbox where tenant_id = '${tenant}'`;
    assert.deepEqual((await admin.query(events)).rows, [{ seq: last }]);
    const letters = `select from colloquy.event_dead_letters where tenant_id = '${tenant}'`;
    assert.equal((await admin.query(letters)).rows.length, 0);
    await admin.query('drop trigger keep_event on colloquy.event_outbox; drop function public.keep_event');
    assert.equal(await createHousekeeper(workers).sweep(), 1);
  });

  it('finds the rows to delete by an index, in every table that grows', async () => {
    const { rows } = await admin.query<{ column: string }>(`
      select distinct d.refobjid::regclass || '.' || a.attname as column
      from pg_policy p
      join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refobjid = p.polrelid
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where p.polname = 'housekeeping'
        and not exists (select from pg_index i where i.indrelid = d.refobjid and i.indkey[0] = d.refobjsubid)
      order by 1`);
    const ofSmallTables = ['colloquy.nodes.dead_at', 'colloquy.signing_keys.retired_at'];
    assert.deepEqual(
      rows.map(({ column }) => column),
      ofSmallTables,
    );
  });

  it('lets the worker forget no node that lives or died a moment ago, whatever it asks for', async () => {
    assert.equal((await workers.query('delete from colloquy.nodes')).rowCount, 0);
    assert.equal(await countOf('nodes'), 2);
  });

  it('lets the worker see the age of the rows that it deletes, and no content of them', async () => {
    await assert.rejects(workers.query('select task_id from colloquy.idempotency_keys'), /permission denied/);
    await assert.rejects(workers.query('select payload from colloquy.oidc_records'), /permission denied/);
  });
});
