/**
 * Guarantee: each threshold of a budget's window, each shortage of credit and each drift raises one alert with its audit entry and its event, however
 * many processes check at the same time.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAlertReader } from '../src/adapters/postgres/alerts/alert-reader.ts';
import { createAlertStore } from '../src/adapters/postgres/alerts/alert-store.ts';
import { createReconciliationStore } from '../src/adapters/postgres/metering/credit-reconciliation-store.ts';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { driftsOf } from '../src/modules/metering/index.ts';
import { raiseDueAlerts } from '../src/modules/alerts/index.ts';
import type { AlertKind, CreditAlert } from '../src/modules/alerts/index.ts';
import { draftBudgeted, setBudget } from './budget-setting.ts';
import { startTaskSetting } from './task-setting.ts';
import type { ProcessPools, SeededTenant, TaskSetting } from './task-setting.ts';

const hourMs = 60 * 60_000;

describe('alerts about credits', () => {
  let setting: TaskSetting;
  let other: ProcessPools;
  /** One worker of each process. */
  let workers: readonly (() => Promise<boolean>)[];
  const counted: AlertKind[] = [];

  before(async () => {
    setting = await startTaskSetting();
    other = setting.openProcess();
    workers = [setting, other].map((pools) =>
      raiseDueAlerts({
        alerts: createAlertStore(pools.workers, pools.readers),
        ids: setting.ids,
        clock: systemClock,
        count: (kind) => void counted.push(kind),
      }),
    );
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await setting[Symbol.asyncDispose]();
  });

  const checkAll = () => Promise.all(workers.map((check) => check()));
  const alertsOf = async ({ tenantId }: SeededTenant): Promise<readonly CreditAlert[]> =>
    (await createAlertReader(setting.readers).list(tenantId, null, { after: null, limit: 100 })).items;
  const percentsOf = (alerts: readonly CreditAlert[]) => alerts.map(({ facts }) => Number(facts['percent']));

  async function spend(tenant: SeededTenant, reserveMicrocredits: bigint): Promise<void> {
    const task = await draftBudgeted(setting, tenant, { reserveMicrocredits });
    assert.equal((await setting.store.record(task)).kind, 'recorded');
  }

  async function newTenantWithSink(): Promise<SeededTenant> {
    const tenant = await setting.seedTenant();
    await setting.rows(
      `insert into colloquy.event_sinks (tenant_id, name, sink_id, url, origin, types, sent_seq, changed_by)
       values ($1, 'ops', gen_random_uuid(), 'https://ops.example/x', 'https://ops.example', '{*}', 0, 'cli_seed')`,
      uuidOf(tenant.tenantId),
    );
    return tenant;
  }

  it('are exactly three for a budget that crosses 50, 80 and 100 percent while two processes check', async () => {
    const tenant = await newTenantWithSink();
    counted.length = 0;
    await setBudget(setting, tenant, { limitMicrocredits: 100n, alertPercents: [50, 80, 100] });
    const seen: (readonly number[])[] = [];
    for (let spent = 0; spent < 10; spent += 1) {
      await spend(tenant, 10n);
      await checkAll();
      await checkAll();
      seen.push(percentsOf(await alertsOf(tenant)));
    }
    assert.deepEqual(
      seen.map((percents) => percents.length),
      [0, 0, 0, 0, 1, 1, 1, 2, 2, 3],
    );
    assert.deepEqual(
      seen.at(-1)?.toSorted((one, two) => one - two),
      [50, 80, 100],
    );
    assert.deepEqual(counted, ['budget-threshold', 'budget-threshold', 'budget-threshold']);
    const [newest] = await alertsOf(tenant);
    assert.deepEqual(
      [newest?.budgetName, newest?.facts['leftMicrocredits'], newest?.facts['limitMicrocredits']],
      ['all', 0, 100],
    );
    const audited = await setting.rows(
      `select resource, actor_id, facts ->> 'percent' as percent from colloquy.audit_entries
       where tenant_id = $1 and action = 'credits.alert-raised' order by entry_id`,
      uuidOf(tenant.tenantId),
    );
    const entry = { resource: 'budgets/all', actor_id: 'platform' };
    assert.deepEqual(
      audited,
      [50, 80, 100].map((percent) => ({ ...entry, percent: String(percent) })),
    );
    const events = await setting.rows<{ type: string; subject: string; percent: number }>(
      `select type, subject, (data -> 'percent')::int as percent from colloquy.event_outbox where tenant_id = $1 order by seq`,
      uuidOf(tenant.tenantId),
    );
    const event = { type: 'dev.colloquy.credits.budget-threshold.v1', subject: 'budgets/all' };
    assert.deepEqual(
      events,
      [50, 80, 100].map((percent) => ({ ...event, percent })),
    );
  });

  it('are raised anew in the next window, and for what was spent just before the last one ended', async () => {
    const tenant = await setting.seedTenant();
    await setBudget(setting, tenant, { name: 'day', limitMicrocredits: 100n, alertPercents: [50] });
    await spend(tenant, 60n);
    await setting.rows(
      `update colloquy.delegation_budgets set starts_at = starts_at - interval '1 day', ends_at = now() - interval '1 minute'
       where tenant_id = $1`,
      uuidOf(tenant.tenantId),
    );
    await checkAll();
    assert.equal((await alertsOf(tenant)).length, 1);
    await setting.rows(
      `update colloquy.delegation_budgets set ends_at = now() - interval '2 hours' where tenant_id = $1`,
      uuidOf(tenant.tenantId),
    );
    await checkAll();
    assert.equal((await alertsOf(tenant)).length, 1);
  });

  it('of the burn rate compare an hour of spending with an even one, and a changed limit is no spending', async () => {
    const tenant = await setting.seedTenant({ credits: 100_000n });
    const monthly = { name: 'month', period: 'month', alertPercents: [], burnRateFactor: 2 } as const;
    await setBudget(setting, tenant, { ...monthly, limitMicrocredits: 72_000n });
    await spend(tenant, 10n);
    await checkAll();
    await setBudget(setting, tenant, { ...monthly, limitMicrocredits: 7_200n });
    const passTime = (ms: number) =>
      setting.rows(
        `update colloquy.delegation_budgets set sampled_at = sampled_at - $2::int * interval '1 millisecond' where tenant_id = $1`,
        uuidOf(tenant.tenantId),
        ms,
      );
    await passTime(hourMs);
    await checkAll();
    assert.deepEqual(await alertsOf(tenant), []);
    await spend(tenant, 100n);
    await passTime(hourMs / 2);
    await checkAll();
    assert.deepEqual(await alertsOf(tenant), []);
    await passTime(hourMs / 2);
    await checkAll();
    const [alert, ...more] = await alertsOf(tenant);
    assert.deepEqual([alert?.kind, alert?.budgetName, more], ['burn-rate', 'month', []]);
    assert.equal(alert?.facts['measuredMicrocredits'], 100);
  });

  it('of low credit come once until there is a further grant', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    await setting.rows(
      `insert into colloquy.credit_settings (tenant_id, low_credit_microcredits, changed_by) values ($1, 50, 'cli_seed')`,
      uuidOf(tenant.tenantId),
    );
    await checkAll();
    assert.deepEqual(await alertsOf(tenant), []);
    await spend(tenant, 51n);
    await checkAll();
    await spend(tenant, 10n);
    await checkAll();
    assert.deepEqual(
      (await alertsOf(tenant)).map(({ kind, facts }) => [kind, facts]),
      [['low-credit', { availableMicrocredits: 49, lowCreditMicrocredits: 50 }]],
    );
    await setting.grant(tenant.tenantId, 20n);
    await checkAll();
    assert.equal((await alertsOf(tenant)).length, 1);
    await spend(tenant, 30n);
    await checkAll();
    assert.equal((await alertsOf(tenant)).length, 2);
  });

  it('of drift come once for what the reconciler found, beside the event that it appended', async () => {
    const tenant = await newTenantWithSink();
    const reconciliations = createReconciliationStore(setting.readers);
    const reconcile = async () => {
      const drifts = driftsOf(await reconciliations.readBooks(tenant.tenantId, 'every-entry'));
      await reconciliations.record(drifts, {
        tenantId: tenant.tenantId,
        entryId: setting.ids.next('ent'),
        actorId: 'platform',
        action: 'credits.drift-found',
        outcome: 'failed',
        resource: 'credits',
        requestId: setting.ids.next('req'),
        facts: {},
      });
    };
    await reconcile();
    await checkAll();
    assert.deepEqual(await alertsOf(tenant), []);
    await setting.rows(
      `update colloquy.wallets set granted_microcredits = granted_microcredits + 7, available_microcredits = available_microcredits + 7
       where tenant_id = $1`,
      uuidOf(tenant.tenantId),
    );
    for (let round = 0; round < 2; round += 1) {
      await reconcile();
      await checkAll();
    }
    const [alert, ...more] = await alertsOf(tenant);
    assert.deepEqual([alert?.kind, alert?.budgetName, more], ['drift', null, []]);
    const { drifts } = alert?.facts ?? {};
    assert.ok(Array.isArray(drifts) && drifts.length > 0);
    const events = await setting.rows(
      `select type from colloquy.event_outbox where tenant_id = $1 and type like '%credits.%'`,
      uuidOf(tenant.tenantId),
    );
    assert.deepEqual(events, [{ type: 'dev.colloquy.credits.drift.v1' }]);
  });

  it('reach every tenant of several pages', async () => {
    const tenants = await Promise.all(Array.from({ length: 3 }, () => setting.seedTenant()));
    for (const tenant of tenants) {
      await setBudget(setting, tenant, { limitMicrocredits: 10n, alertPercents: [100] });
      await spend(tenant, 10n);
    }
    const alerts = createAlertStore(setting.workers, setting.readers);
    const small = {
      ...alerts,
      findTenants: (after: Parameters<typeof alerts.findTenants>[0]) => alerts.findTenants(after, 1),
    };
    const everyOne: TenantId[] = [];
    for (let page = await small.findTenants(null); page.length > 0; page = await small.findTenants(page[0] ?? null))
      everyOne.push(...page);
    assert.deepEqual(everyOne, everyOne.toSorted());
    assert.ok(tenants.every(({ tenantId }) => everyOne.includes(tenantId)));
    assert.ok(everyOne.length < limits.alertTenantsMax);
    await checkAll();
    for (const tenant of tenants) assert.equal((await alertsOf(tenant)).length, 1);
  });
});
