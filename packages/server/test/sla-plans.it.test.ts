/**
 * Guarantee: what a round of counting costs does not grow with the tasks that are there, and a report reads the hours of its month only.
 * Spec: docs/specs/sla.md, invariant SLA-6.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createSlaCounter } from '../src/adapters/postgres/sla/sla-counter.ts';
import { limits } from '../src/kernel/limits.ts';
import { countEndedTasks } from '../src/modules/sla/index.ts';
import { countsKept, countsOfTasks, sealAll, seedEndedTasks } from './sla-rows.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

/** Rows that were read of tables that grow with tasks, by reading a whole table and by an index. */
interface Reads {
  readonly whole: number;
  readonly byIndex: number;
}

const growing = ['tasks', 'task_events', 'audit_entries', 'audit_chain'];

describe('rounds of counting', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  /** What one counting read, by the statistics of its own transaction. */
  async function readsOf(entries: number): Promise<Reads> {
    const pool = createPool({ url: setting.database.adminUrl, connectionsMax: 1, applicationName: 'sla-plans' });
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query('set local role colloquy_worker');
      await client.query(
        `select * from colloquy.count_ended_tasks(32, $1, '{}', '{gold,silver,bronze}', '{1,1,1}', '{1,1,1}', '{1,1,1}')`,
        [entries],
      );
      await client.query('reset role');
      const { rows } = await client.query<Reads>(
        `select sum(seq_tup_read)::int as whole, sum(idx_tup_fetch)::int as "byIndex" from pg_stat_xact_user_tables
         where schemaname = 'colloquy' and relname = any ($1)`,
        [growing],
      );
      assert.ok(rows[0] !== undefined);
      return rows[0];
    } finally {
      await client.query('rollback');
      client.release();
      await pool.end();
    }
  }

  it('SLA-6 use indexes, whatever the statistics say, and read no more rows than the limit', async () => {
    // Empty statistics: then a planner tends to scan whole tables.
    await setting.rows('analyze');
    const tenant = await setting.seedTenant();
    await seedEndedTasks(setting, tenant, { count: 2_600, hours: 10, endedAt: new Date() });
    await sealAll(setting);
    const assertKeyed = async (): Promise<void> => {
      const { whole, byIndex } = await readsOf(100);
      assert.equal(whole, 0, 'no table was read whole');
      // The place, the entry, the task and its first event; of the few that may be late, all that they said.
      assert.ok(byIndex > 0 && byIndex <= 100 * 8, String(byIndex));
    };
    await assertKeyed();
    await setting.rows('analyze');
    await assertKeyed();
    const count = countEndedTasks({ counter: createSlaCounter(setting.workers, limits) });
    while ((await count()).isFull);
    assert.deepEqual(await countsKept(setting, tenant), await countsOfTasks(setting, tenant));
    const idle = await readsOf(500);
    assert.deepEqual(idle, { whole: 0, byIndex: 0 }, 'a round without anything new reads nothing of tasks');
  });
});
