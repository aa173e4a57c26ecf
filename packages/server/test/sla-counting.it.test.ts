/**
 * Guarantee: every task that ended is counted once, in the hour in which it ended and by the objective of that time, whichever process counts, dies or
 * counts beside it; and no agent is charged with a failure of the caller.
 * Spec: docs/specs/sla.md, invariants SLA-1 to SLA-6.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createSlaCounter } from '../src/adapters/postgres/sla/sla-counter.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { countEndedTasks } from '../src/modules/sla/index.ts';
import { countsKept, countsOfTasks, sealAll, seedEndedTasks } from './sla-rows.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const script = fileURLToPath(new URL('sla-counting-process.ts', import.meta.url));
const few = { slaCountTenantsMax: 2, slaCountEntriesMax: 20 };

describe('ended tasks', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function countAll(bounds: typeof few = limits): Promise<number> {
    const count = countEndedTasks({ counter: createSlaCounter(setting.workers, bounds) });
    let tasks = 0;
    for (let isFull = true; isFull;) {
      const counting = await count();
      tasks += counting.tasks;
      ({ isFull } = counting);
    }
    return tasks;
  }

  async function seed(tenant: SeededTenant, count: number, endedAt = new Date()): Promise<void> {
    await seedEndedTasks(setting, tenant, { count, hours: 5, endedAt });
    await sealAll(setting);
  }

  const assertExact = async (tenant: SeededTenant, tasks: number): Promise<void> => {
    const kept = await countsKept(setting, tenant);
    assert.deepEqual(kept, await countsOfTasks(setting, tenant));
    assert.equal(
      kept.reduce((sum, { ended }) => sum + ended, 0),
      tasks,
    );
  };

  /** Blocks the counters of these tenants half way: they hold the rows of `sla_places`, and nothing is counted yet. */
  async function holdCounts(tenants: readonly SeededTenant[]): Promise<{ release(): Promise<void> }> {
    const pool = createPool({
      url: setting.database.adminUrl,
      connectionsMax: 1,
      applicationName: 'sla-holder',
      idleInTransactionTimeoutMs: 120_000,
    });
    const client = await pool.connect();
    await client.query('begin');
    const ids = tenants.map(({ tenantId }) => uuidOf(tenantId));
    await client.query(
      `insert into colloquy.sla_counts
         (tenant_id, hour, agent_name, tier, availability_ppm, latency_ms, latency_ppm, ended, excused, served, failed, late)
       select distinct t.tenant_id, date_trunc('hour', t.status_at, 'UTC'), a.name, a.tier, 990000, 1, 990000, 1, 0, 0, 0, 0
       from colloquy.tasks t join colloquy.agents a using (tenant_id, agent_id) where t.tenant_id = any ($1)
       on conflict do nothing`,
      [ids],
    );
    await client.query('select from colloquy.sla_counts where tenant_id = any ($1) for update', [ids]);
    return {
      async release() {
        await client.query('rollback');
        client.release();
        await pool.end();
      },
    };
  }

  const isConnected = async (name: string, waits = '.*'): Promise<boolean> =>
    (
      await setting.rows(
        `select from pg_stat_activity where datname = current_database() and application_name = $1 and coalesce(wait_event_type, '') ~ $2`,
        name,
        waits,
      )
    ).length > 0;
  const isWaiting = (name: string): Promise<boolean> => isConnected(name, 'Lock');

  it('SLA-1 are counted once, in the hour in which they ended, by how they ended', async () => {
    const tenant = await setting.seedTenant();
    await seed(tenant, 130);
    assert.equal(await countAll(), 130);
    await assertExact(tenant, 130);
    assert.equal(await countAll(), 0, 'nothing is counted again');
    await seed(tenant, 65, new Date(Date.now() - 40 * 24 * 60 * 60_000));
    assert.equal(await countAll(few), 65);
    await assertExact(tenant, 195);
  });

  it('SLA-1 are one row of their hour and agent, also when it was registered anew in that hour', async () => {
    const tenant = await setting.seedTenant();
    const endedAt = new Date();
    await seedEndedTasks(setting, tenant, { count: 26, hours: 1, endedAt });
    await setting.deregisterAgent(tenant);
    await seedEndedTasks(setting, await setting.registerAgentAnew(tenant), { count: 13, hours: 1, endedAt });
    await sealAll(setting);
    assert.equal(await countAll(), 39);
    await assertExact(tenant, 39);
  });

  it('SLA-2 are counted exactly by processes that are killed in the middle, and by two at once', async () => {
    const tenants = [await setting.seedTenant(), await setting.seedTenant()];
    for (const tenant of tenants) await seed(tenant, 1_300);
    const counted = async (): Promise<number> => {
      const [row] = await setting.rows<{ tasks: number }>(
        'select coalesce(sum(ended), 0)::int as tasks from colloquy.sla_counts where tenant_id = any ($1)',
        tenants.map(({ tenantId }) => uuidOf(tenantId)),
      );
      return row?.tasks ?? 0;
    };
    for (const isHeld of [true, false, true]) {
      const counts = await holdCounts(tenants);
      const before = await counted();
      const children = [1, 2].map(() =>
        spawn(process.execPath, ['--conditions=source', script, setting.database.adminUrl], { stdio: 'ignore' }),
      );
      await eventually('they are in the middle', () => isWaiting('sla-counting-process'), 60_000);
      if (!isHeld) {
        await counts.release();
        await eventually('they count', async () => (await counted()) > before, 60_000);
      }
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => once(child, 'close')));
      if (isHeld) await counts.release();
      await eventually('their connections end', async () => !(await isConnected('sla-counting-process')), 60_000);
      if ((await counted()) === 2_600) break;
    }
    await Promise.all([countAll(few), countAll(few), countAll(few)]);
    await countAll();
    for (const tenant of tenants) await assertExact(tenant, 1_300);
  });

  it('SLA-2 are counted exactly when the database ends the connection of a counter', async () => {
    const tenant = await setting.seedTenant();
    await seed(tenant, 1_300);
    const pool = createPool({
      url: setting.database.adminUrl,
      role: 'colloquy_worker',
      connectionsMax: 2,
      applicationName: 'sla-doomed',
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 60_000,
    });
    const count = countEndedTasks({
      counter: createSlaCounter(pool, { slaCountTenantsMax: 1, slaCountEntriesMax: 10 }),
    });
    let ended = 0;
    for (let rounds = 0; rounds < 60; rounds += 1) {
      const held = rounds === 0 ? await holdCounts([tenant]) : null;
      const counting = [count(), count()].map((one) => one.catch(() => (ended += 1)));
      if (held !== null) await eventually('one is in the middle', () => isWaiting('sla-doomed'), 60_000);
      if (rounds % 3 === 0)
        await setting.rows(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sla-doomed'`,
        );
      await Promise.all(counting);
      await held?.release();
      if (held !== null) assert.ok(ended > 0, 'a connection ended in the middle');
    }
    await pool.end();
    await countAll();
    await assertExact(tenant, 1_300);
  });

  it('SLA-3 wait for their place in the chain, behind which nothing can appear any more', async () => {
    const tenant = await setting.seedTenant();
    await seedEndedTasks(setting, tenant, { count: 26, hours: 1, endedAt: new Date() });
    assert.equal(await countAll(), 0);
    await sealAll(setting);
    assert.equal(await countAll(), 26);
    await assertExact(tenant, 26);
  });

  it('SLA-4 are judged by the objective of their hour: of the agent, else of its tier, else of the platform', async () => {
    const tenant = await setting.seedTenant({ tier: 'bronze' });
    const thisHour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const hour = (ago: number): Date => new Date(thisHour.getTime() - ago * 3_600_000);
    const say = (kind: string, subject: string, from: Date, latencyMs: number | null): Promise<unknown> =>
      setting.rows(
        `insert into colloquy.sla_objectives (tenant_id, kind, subject, holds_from, availability_ppm, latency_ms, latency_ppm, changed_by)
         values ($1, $2, $3, $4, case when $5::int is not null then 990000 end, $5, case when $5::int is not null then 900000 end, 'cli')`,
        uuidOf(tenant.tenantId),
        kind,
        subject,
        from,
        latencyMs,
      );
    await say('tier', 'bronze', hour(3), 61_000);
    await say('agent', tenant.agentName, hour(2), 50);
    await say('agent', tenant.agentName, hour(1), null);
    await say('tier', 'gold', hour(4), 1);
    await seed(tenant, 5 * 13, thisHour);
    await countAll();
    const kept = await setting.rows<{ latency_ms: number; late: number }>(
      'select latency_ms, sum(late)::int as late from colloquy.sla_counts where tenant_id = $1 group by hour, latency_ms order by hour',
      uuidOf(tenant.tenantId),
    );
    assert.deepEqual(
      kept.map(({ latency_ms }) => latency_ms),
      [limits.slaLatencyMs.bronze, 61_000, 50, 61_000, 61_000],
    );
    const late = kept.map(({ late: tasks }) => tasks);
    // Of the thirteen ways to end, a minute and a second is too short for one that pretends to wait; fifty milliseconds for most.
    assert.equal(late[0], 0);
    assert.ok((late[2] ?? 0) > Math.max(late[1] ?? 0, late[3] ?? 0, late[4] ?? 0));
  });

  it('SLA-5 of a tenant are counted for that tenant alone, and only the counter may write counts', async () => {
    const tenants = [await setting.seedTenant(), await setting.seedTenant()];
    for (const [at, tenant] of tenants.entries()) await seed(tenant, 13 * (at + 1));
    await countAll();
    for (const [at, tenant] of tenants.entries()) await assertExact(tenant, 13 * (at + 1));
    for (const role of ['colloquy_app', 'colloquy_worker']) {
      const pool = createPool({
        url: setting.database.adminUrl,
        role,
        connectionsMax: 1,
        applicationName: 'sla-writes',
      });
      await assert.rejects(pool.query('update colloquy.sla_counts set ended = ended + 1'), { code: '42501' });
      await assert.rejects(pool.query('update colloquy.sla_places set counted_seq = 0'), { code: '42501' });
      await pool.end();
    }
  });
});
