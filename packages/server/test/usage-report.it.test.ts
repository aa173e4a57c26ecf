/**
 * Guarantee: a report of usage says what was counted, whichever way it is grouped and paged, its total is the sum of its groups, and it says
 * nothing of another tenant.
 * Spec: docs/specs/credits.md, invariant CREDIT-69.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createCreditStatementStore } from '../src/adapters/postgres/metering/credit-statement-store.ts';
import { createUsageCounter } from '../src/adapters/postgres/usage/usage-counter.ts';
import { createUsageStore } from '../src/adapters/postgres/usage/usage-store.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { readShowback, readUsage, readWholeUsage, usedMicrocredits } from '../src/modules/usage/index.ts';
import type { UsageGroup, UsageRequest } from '../src/modules/usage/index.ts';
import { startCreditSetting } from './credit-setting.ts';
import type { CreditSetting } from './credit-setting.ts';
import { sealAll } from './sla-rows.ts';
import type { SeededTenant } from './task-setting.ts';
import { runUsageMonth, seeded } from './usage-month.ts';
import type { UsageSums } from './usage-month.ts';

const page = { after: null, limit: 100 };
const whole = { from: null, to: null, groupBy: null };

describe('reports of usage', () => {
  let setting: CreditSetting;
  let tenant: SeededTenant;
  let caller: Caller;
  let expected: ReadonlyMap<string, UsageSums>;
  let month: string;

  before(async () => {
    setting = await startCreditSetting();
    tenant = await setting.seedTenant({ credits: 1_000_000_000n });
    caller = setting.callerOf(tenant);
    const now = new Date();
    const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1);
    month = new Date(monthMs).toISOString().slice(0, 7);
    expected = await runUsageMonth(setting, tenant, { tasks: 400, moments: 8, monthMs, random: seeded(3) });
    await setting.database.setClockOffset(0);
    await sealAll(setting);
    const counter = createUsageCounter(setting.workers);
    while ((await counter.count({ tenantsMax: 10, entriesMax: 1_000 })).isFull);
  });
  after(() => setting[Symbol.asyncDispose]());

  const ports = () => ({
    usage: createUsageStore(setting.readers),
    statements: createCreditStatementStore(setting.readers),
  });
  const lastMonth = (groupBy: string | null): UsageRequest => ({ ...whole, from: `${month}-01`, groupBy });

  const totalOf = (parts: Iterable<UsageSums>): readonly (number | bigint)[] =>
    Array.from(parts, ({ calls, failed, settled, charged }) => [
      BigInt(calls),
      BigInt(failed),
      settled,
      charged,
    ]).reduce((sum, one) => sum.map((value, at) => value + (one[at] ?? 0n)), [0n, 0n, 0n, 0n]);

  const sumAt = (rows: readonly (readonly number[])[], at: number): number =>
    rows.reduce((sum, row) => sum + (row[at] ?? 0), 0);

  const places = { agent: 0, skill: 1, department: 2, costCenter: 3, client: 4 } as const;
  const nameOf: Record<keyof typeof places, (group: UsageGroup) => string | null> = {
    agent: ({ agentName }) => agentName,
    skill: ({ skillId }) => skillId,
    department: ({ department }) => department,
    costCenter: ({ costCenter }) => costCenter,
    client: ({ clientId }) => clientId,
  };

  it('CREDIT-69 group by each column, and by several, as the tasks ended', async () => {
    const names = Object.keys(places) as (keyof typeof places)[];
    const groupings: readonly (keyof typeof places)[][] = [
      ...names.map((name) => [name]),
      ['department', 'client'],
      names,
    ];
    for (const groupBy of groupings) {
      const report = await readWholeUsage(ports())(caller, lastMonth(groupBy.join()));
      const byKey = Map.groupBy(expected, ([key]) => {
        const group = JSON.parse(key) as readonly string[];
        return JSON.stringify(groupBy.map((name) => group[places[name]]));
      });
      const found = new Map(
        report.groups.items.map((group) => [JSON.stringify(groupBy.map((name) => nameOf[name](group))), group]),
      );
      assert.deepEqual([...found.keys()].sort(), [...byKey.keys()].sort());
      for (const [key, tasks] of byKey) {
        const group = found.get(key);
        assert.ok(group !== undefined);
        const { calls, failed, settledMicrocredits, chargedMicrocredits } = group;
        assert.deepEqual(
          [calls, failed, settledMicrocredits, chargedMicrocredits],
          totalOf(tasks.map(([, sums]) => sums)),
        );
      }
      const { calls, failed, settledMicrocredits, chargedMicrocredits } = report.total;
      assert.deepEqual([calls, failed, settledMicrocredits, chargedMicrocredits], totalOf(expected.values()));
      const quantities = Array.from(expected.values(), ({ items, worked, tokens }) => [items, worked, tokens]);
      assert.deepEqual(
        [report.total.items, report.total.workedMs, report.total.units],
        [sumAt(quantities, 0), sumAt(quantities, 1), { tokens: sumAt(quantities, 2) }],
      );
      assert.equal(report.pendingEntries, 0);
    }
  });

  it('CREDIT-69 have pages that hold each group once, with the total of all', async () => {
    const all = await readWholeUsage(ports())(caller, lastMonth('day,agent'));
    const paged: UsageGroup[] = [];
    for (let after: string | null | undefined = null; after !== undefined;) {
      const report = await readUsage(ports())(caller, lastMonth('agent,day'), { after, limit: 7 });
      assert.deepEqual(report.total, all.total);
      paged.push(...report.groups.items);
      after = report.groups.next ?? undefined;
    }
    assert.deepEqual(paged, all.groups.items);
    assert.ok(paged.length > 7);
    const days = paged.map(({ startsAt }) => startsAt?.getTime() ?? 0);
    assert.deepEqual(
      days,
      days.toSorted((a, b) => a - b),
    );
    assert.ok(days.every((day) => day % (24 * 3_600_000) === 0));
  });

  it('CREDIT-69 of periods that follow each other add up to the report of both', async () => {
    const read = async (from: string, to: string): Promise<bigint> =>
      usedMicrocredits((await readUsage(ports())(caller, { ...whole, from, to }, page)).total);
    const [first, second, both] = [
      await read(`${month}-01`, `${month}-11T05:00:00Z`),
      await read(`${month}-11T05:00Z`, `${month}-28T23:00:00.000Z`),
      await read(`${month}-01T00:00:00Z`, `${month}-28T23:00:00Z`),
    ];
    assert.equal(first + second, both);
    assert.ok(first > 0n && second > 0n);
  });

  it('are shown back by department, and agree with the ledger', async () => {
    const showback = await readShowback(ports())(caller, month);
    assert.equal(showback.ledgerMicrocredits, usedMicrocredits(showback.total));
    assert.ok(showback.ledgerMicrocredits > 0n);
    const names = showback.departments.map(({ department }) => department);
    assert.deepEqual(names, ['', '=2+5', 'café', 'platform', 'research', 'sales', 'support']);
    const shares = showback.departments.reduce((sum, { shareBasisPoints }) => sum + shareBasisPoints, 0);
    assert.ok(Math.abs(shares - 10_000) <= names.length);
    for (const department of showback.departments) {
      const parts = department.costCenters.reduce((sum, part) => sum + usedMicrocredits(part), 0n);
      assert.equal(parts, usedMicrocredits(department));
    }
  });

  it('are of the tenant alone', async () => {
    const other = setting.callerOf(await setting.seedTenant());
    const report = await readUsage(ports())(other, lastMonth('agent'), page);
    assert.deepEqual([report.total.calls, report.groups.items], [0n, []]);
    const { departments, ledgerMicrocredits } = await readShowback(ports())(other, month);
    assert.deepEqual([departments, ledgerMicrocredits], [[], 0n]);
  });

  it('are refused for a period, a grouping or a cursor that means nothing', async () => {
    const refusals: readonly (readonly [Partial<UsageRequest>, string])[] = [
      [{ from: 'yesterday' }, 'from'],
      [{ from: '2026-02-30' }, 'from'],
      [{ from: '2026-11-25T15:30:00Z' }, 'from'],
      [{ from: '2026-11-25T15:00:00+01:00' }, 'from'],
      [{ from: '2026-13-01' }, 'from'],
      [{ from: '1999-01-01', to: '1999-01-02' }, 'from'],
      [{ from: `${month}-02`, to: `${month}-02` }, 'to'],
      [{ from: `${month}-02`, to: `${month}-01` }, 'to'],
      [{ from: '2999-01-01' }, 'from'],
      [{ from: '2999-01-01', to: '2999-01-02' }, 'from'],
      [{ from: `${month}-01`, to: '2999-01-01' }, 'from'],
      [{ groupBy: 'agents' }, 'groupBy'],
      [{ groupBy: 'agent,agent' }, 'groupBy'],
      [{ groupBy: 'agent,' }, 'groupBy'],
      [{ groupBy: 'hour,day' }, 'groupBy'],
    ];
    for (const [request, field] of refusals)
      await assert.rejects(
        readUsage(ports())(caller, { ...whole, ...request }, page),
        (error: unknown) => {
          assert.ok(error instanceof PlatformError);
          assert.deepEqual([error.code, error.violations?.map((one) => one.field)], ['request.invalid', [field]]);
          return true;
        },
        JSON.stringify(request),
      );
    for (const after of ['x', '-1', '1e3', '9999999999'])
      await assert.rejects(readUsage(ports())(caller, whole, { after, limit: 5 }), { code: 'request.invalid' });
    for (const wrong of ['2026', '2026-13', 'x', '2999-01', '2001-01'])
      await assert.rejects(readShowback(ports())(caller, wrong), { code: 'request.invalid' }, wrong);
  });
});
