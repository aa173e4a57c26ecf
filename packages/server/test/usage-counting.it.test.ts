/**
 * Guarantee: every task that ended is counted once, in its hour and for its department, and the usage of a month equals the ledger to the
 * micro-credit, whichever process counts, dies or counts beside it.
 * Spec: docs/specs/credits.md, invariants CREDIT-65 to CREDIT-68.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '@colloquy/testkit';
import { createHousekeeper } from '../src/adapters/postgres/housekeeping/housekeeper.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createUsageCounter } from '../src/adapters/postgres/usage/usage-counter.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { countUsage } from '../src/modules/usage/index.ts';
import { sealAll, seedEndedTasks } from './sla-rows.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';
import { departments, groupKey, runUsageMonth, seeded } from './usage-month.ts';
import type { UsageSums } from './usage-month.ts';

const script = fileURLToPath(new URL('usage-counting-process.ts', import.meta.url));
/** `npm run chaos -- --usage` sets both: with 100,000 tasks, the size that the specification promises. */
const tasksOfMonth = Number(process.env['USAGE_TASKS'] ?? 2_000);
const seedOfMonth = Number(process.env['USAGE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const sumColumns = `sum(calls)::int as calls, sum(completed)::int as completed, sum(cached)::int as cached, sum(failed)::int as failed,
  sum(canceled)::int as canceled, sum(rejected)::int as rejected, sum(settled_microcredits)::bigint as settled,
  sum(charged_microcredits)::bigint as charged, sum(overage_microcredits)::bigint as overage,
  sum(items)::float8 as items, sum(worked_ms)::int as worked, coalesce(sum((units ->> 'tokens')::numeric), 0)::float8 as tokens`;

describe('usage', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function countAll(): Promise<number> {
    const count = countUsage({ counter: createUsageCounter(setting.workers) });
    let tasks = 0;
    for (let isFull = true; isFull;) {
      const counting = await count();
      tasks += counting.tasks;
      ({ isFull } = counting);
    }
    return tasks;
  }

  /** Of each hour, what the ledger took for tasks and what usage says. */
  async function assertEqualsLedger({ tenantId }: SeededTenant): Promise<void> {
    const kinds = (['settle', 'charge', 'overage'] as const).map(
      (kind) => `coalesce(sum(amount_microcredits) filter (where kind = '${kind}'), 0)::text as ${kind}`,
    );
    const ledger = await setting.rows(
      `select date_trunc('hour', created_at, 'UTC')::text as hour, ${kinds.join()} from colloquy.ledger_entries
       where tenant_id = $1 and kind in ('settle', 'charge', 'overage') group by 1 order by 1`,
      uuidOf(tenantId),
    );
    const usage = await setting.rows(
      `select hour::text as hour, sum(settled_microcredits)::text as settle, sum(charged_microcredits)::text as charge,
         sum(overage_microcredits)::text as overage
       from colloquy.usage_hours where tenant_id = $1 group by 1
       having sum(settled_microcredits + charged_microcredits + overage_microcredits) > 0 order by 1`,
      uuidOf(tenantId),
    );
    assert.deepEqual(usage, ledger);
    assert.ok(ledger.length > 0);
  }

  async function groupsOf({ tenantId }: SeededTenant): Promise<Map<string, UsageSums>> {
    const rows = await setting.rows<UsageSums & { readonly group: readonly string[] }>(
      `select array[agent_name, skill_id, department, cost_center, client_id] as group, ${sumColumns}
       from colloquy.usage_hours where tenant_id = $1 group by 1`,
      uuidOf(tenantId),
    );
    return new Map(rows.map(({ group, ...sums }) => [groupKey(group), sums]));
  }

  const lastMonthMs = (): number => {
    const now = new Date();
    return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1);
  };

  it('CREDIT-65 CREDIT-67 of a random month equals the ledger to the micro-credit, by department as by hour', async (test) => {
    const tenant = await setting.seedTenant({ credits: 9_000_000_000n });
    test.diagnostic(`USAGE_SEED=${seedOfMonth} USAGE_TASKS=${tasksOfMonth}`);
    const month = { tasks: tasksOfMonth, moments: 40, monthMs: lastMonthMs(), random: seeded(seedOfMonth) };
    const expected = await runUsageMonth(setting, tenant, month);
    await setting.database.setClockOffset(0);
    await sealAll(setting);
    const beganAtMs = performance.now();
    assert.equal(await countAll(), tasksOfMonth);
    test.diagnostic(`counted in ${Math.round(performance.now() - beganAtMs)} ms`);
    assert.equal(await countAll(), 0, 'nothing is counted again');
    await assertEqualsLedger(tenant);
    const groups = await groupsOf(tenant);
    assert.deepEqual(groups, new Map(expected));
    const found = new Set(Array.from(groups.keys(), (key) => (JSON.parse(key) as string[])[2]));
    for (const department of departments) assert.ok(found.has(department));
  });

  it('CREDIT-66 is counted exactly by processes that are killed in the middle, and by several at once', async () => {
    const tenant = await setting.seedTenant({ credits: 1_000_000_000n });
    const month = { tasks: 600, moments: 6, monthMs: lastMonthMs(), random: seeded(7) };
    const expected = await runUsageMonth(setting, tenant, month);
    await setting.database.setClockOffset(0);
    await sealAll(setting);
    const counted = async (): Promise<number> =>
      Number(
        (
          await setting.rows<{ calls: string | null }>(
            'select sum(calls)::text as calls from colloquy.usage_hours where tenant_id = $1',
            uuidOf(tenant.tenantId),
          )
        )[0]?.calls ?? 0,
      );
    const admin = createPool({ url: setting.database.adminUrl, connectionsMax: 1, applicationName: 'usage-holder' });
    const isThere = async (waits: string): Promise<boolean> =>
      (
        await setting.rows(
          `select from pg_stat_activity where datname = current_database() and application_name = 'usage-counting-process'
           and coalesce(wait_event_type, '') ~ $1`,
          waits,
        )
      ).length > 0;
    for (let rounds = 0; rounds < 3; rounds += 1) {
      const holder = await admin.connect();
      await holder.query('begin');
      // A counter waits here: it has read its entries, and its position is not moved yet.
      await holder.query('lock table colloquy.usage_hours in share mode');
      const before = await counted();
      const children = [1, 2].map(() =>
        spawn(process.execPath, ['--conditions=source', script, setting.database.adminUrl], { stdio: 'ignore' }),
      );
      await eventually('one is in the middle', () => isThere('Lock'), 60_000);
      const isHeld = rounds % 2 === 0;
      if (!isHeld) {
        await holder.query('rollback');
        await eventually('they count', async () => (await counted()) > before, 60_000);
      }
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => once(child, 'close')));
      if (isHeld) await holder.query('rollback');
      holder.release();
      await eventually('their connections end', async () => !(await isThere('.*')), 60_000);
    }
    await admin.end();
    await Promise.all([countAll(), countAll(), countAll()]);
    await countAll();
    assert.deepEqual(await groupsOf(tenant), new Map(expected));
    await assertEqualsLedger(tenant);
  });

  it('CREDIT-68 is told to the sinks of the tenant as events that add up to it, and to no other tenant', async () => {
    const tenants = [await setting.seedTenant({ credits: 1_000_000_000n }), await setting.seedTenant()] as const;
    const [tenant, other] = tenants;
    for (const { tenantId } of tenants)
      await setting.rows(
        `insert into colloquy.event_sinks (tenant_id, name, sink_id, url, origin, types, sent_seq, changed_by)
         values ($1, 'billing', gen_random_uuid(), 'https://b.example', 'https://b.example', '{dev.colloquy.usage.*}', 0, 'cli_seed')`,
        uuidOf(tenantId),
      );
    const month = { tasks: 200, moments: 3, monthMs: lastMonthMs(), random: seeded(11) };
    const expected = await runUsageMonth(setting, tenant, month);
    await setting.database.setClockOffset(0);
    await sealAll(setting);
    const counter = createUsageCounter(setting.workers);
    while ((await counter.count({ tenantsMax: 5, entriesMax: 40 })).isFull);
    const told = await setting.rows<UsageSums & { readonly group: readonly string[] }>(
      `select array[data ->> 'agent', data ->> 'skill', data ->> 'department', data ->> 'costCenter', data ->> 'clientId'] as group,
         ${['calls', 'completed', 'cached', 'failed', 'canceled', 'rejected'].map((name) => `sum((data ->> '${name}')::int)::int as ${name}`).join()},
         ${['settled', 'charged', 'overage'].map((name) => `sum((data ->> '${name}Microcredits')::bigint)::bigint as ${name}`).join()},
         sum((data ->> 'items')::numeric)::float8 as items, sum((data ->> 'workedMs')::int)::int as worked,
         coalesce(sum((data -> 'units' ->> 'tokens')::numeric), 0)::float8 as tokens
       from colloquy.event_outbox where tenant_id = $1 and type = 'dev.colloquy.usage.recorded.v1' group by 1`,
      uuidOf(tenant.tenantId),
    );
    assert.deepEqual(new Map(told.map(({ group, ...sums }) => [groupKey(group), sums])), new Map(expected));
    const [event] = await setting.rows<{ readonly data: Record<string, unknown> }>(
      'select data from colloquy.event_outbox where tenant_id = $1 limit 1',
      uuidOf(tenant.tenantId),
    );
    assert.match(String(event?.data['hour']), /^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);
    assert.deepEqual(
      await setting.rows('select from colloquy.event_outbox where tenant_id = $1', uuidOf(other.tenantId)),
      [],
    );
  });

  it('reads only the rows of the entries that it counts, whatever the statistics say', async () => {
    const tenant = await setting.seedTenant();
    await seedEndedTasks(setting, tenant, { count: 1_300, hours: 10, endedAt: new Date() });
    await sealAll(setting);
    const growing = ['tasks', 'task_events', 'audit_entries', 'audit_chain', 'ledger_entries'];
    const pool = createPool({ url: setting.database.adminUrl, connectionsMax: 1, applicationName: 'usage-plans' });
    for (const analyzes of [false, true]) {
      if (analyzes) await setting.rows('analyze');
      const client = await pool.connect();
      await client.query('begin');
      await client.query('set local role colloquy_worker');
      await client.query('select * from colloquy.count_usage(32, 100, 1000)');
      await client.query('reset role');
      const { rows } = await client.query<{ whole: number; byIndex: number }>(
        `select sum(seq_tup_read)::int as whole, sum(idx_tup_fetch)::int as "byIndex" from pg_stat_xact_user_tables
         where schemaname = 'colloquy' and relname = any ($1)`,
        [growing],
      );
      await client.query('rollback');
      client.release();
      const [reads] = rows;
      assert.equal(reads?.whole, 0, 'no table was read whole');
      // The place, the entry, the task, and at most four entries of the ledger.
      assert.ok(reads.byIndex > 0 && reads.byIndex <= 100 * 7, String(reads.byIndex));
    }
    await pool.end();
    assert.equal(await countAll(), 1_300);
  });

  it('is counted for its tenant alone, and only the counter may write it', async () => {
    for (const role of ['colloquy_app', 'colloquy_worker']) {
      const pool = createPool({
        url: setting.database.adminUrl,
        role,
        connectionsMax: 1,
        applicationName: 'usage-writes',
      });
      const refused = { code: '42501' };
      await assert.rejects(pool.query('update colloquy.usage_hours set calls = calls + 1'), refused);
      await assert.rejects(pool.query('update colloquy.usage_places set counted_seq = 0'), refused);
      const [partition] = await setting.rows<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'colloquy.usage_hours'::regclass limit 1`,
      );
      assert.ok(partition !== undefined);
      await assert.rejects(pool.query(`select from ${partition.name}`), refused);
      await pool.end();
    }
  });

  it('is kept for 25 months, and then dropped by the month', async () => {
    const months = async (): Promise<number> =>
      (await setting.rows(`select from pg_inherits where inhparent = 'colloquy.usage_hours'::regclass`)).length;
    const before = await months();
    const dayMs = 24 * 60 * 60_000;
    await setting.database.setClockOffset(600 * dayMs);
    await createHousekeeper(setting.workers).sweep();
    assert.equal(await months(), before);
    await setting.database.setClockOffset(900 * dayMs);
    await createHousekeeper(setting.workers).sweep();
    assert.ok(before > 0);
    assert.equal(await months(), 0);
    await setting.database.setClockOffset(0);
  });
});
