/**
 * Guarantee: a wallet that was changed beside the platform is found by the next reconciliation, once, and sound books are never reported, whatever runs
 * beside it.
 * Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { startCreditSetting } from './credit-setting.ts';
import type { CreditSetting } from './credit-setting.ts';
import type { SeededTenant } from './task-setting.ts';

const dayMs = 24 * 3_600_000;
const insertSink = `
  insert into colloquy.event_sinks (tenant_id, name, sink_id, url, origin, types, sent_seq, changed_by)
  values ($1, 'billing', gen_random_uuid(), 'https://sink.example/', 'https://sink.example', '{dev.colloquy.credits.*}', 0, 'cli_seed')`;

describe('the reconciliation of credits', () => {
  let setting: CreditSetting;
  before(async () => {
    setting = await startCreditSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const atDay = (day: number): Promise<void> => setting.database.setClockOffset(day * dayMs);
  const change = (sql: string, { tenantId }: SeededTenant): Promise<unknown> => setting.rows(sql, uuidOf(tenantId));

  const eventsOf = ({ tenantId }: SeededTenant): Promise<unknown[]> =>
    setting.rows('select type, subject, data from colloquy.event_outbox where tenant_id = $1', uuidOf(tenantId));

  /** `figure difference` of what reading every entry finds. */
  async function driftsOf(tenant: SeededTenant): Promise<string[]> {
    const { drifts } = await setting.reconcile(tenant);
    return drifts.map((one) => `${one.of} ${one.foundMicrocredits - one.expectedMicrocredits}`);
  }

  async function checkpointsOf({ tenantId }: SeededTenant): Promise<number> {
    const [row] = await setting.rows<{ n: number }>(
      'select count(*)::int as n from colloquy.credit_checkpoints where tenant_id = $1',
      uuidOf(tenantId),
    );
    return row?.n ?? 0;
  }

  it('CREDIT-25 never reports sound books, however much is sent, ended, granted, moved and lapsed meanwhile', async () => {
    const [tenant, peer] = [await setting.seedTenant({ credits: 500n }), await setting.seedTenant({ credits: 500n })];
    await setting.grantTo(tenant, 50n, { expiresAt: new Date(Date.now() + dayMs / 2) });
    await atDay(1);
    const found: unknown[] = [];
    const load = new AbortController();
    const watch = async (): Promise<void> => {
      while (!load.signal.aborted)
        found.push(...(await setting.reconcile(tenant)).drifts, ...(await setting.reconcile(peer)).drifts);
    };
    const watching = Promise.all([watch(), watch()]);
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([
        ...Array.from({ length: 6 }, (_, at) => setting.runTask(tenant, 7n, at % 2 === 0 ? 'FAILED' : 'COMPLETED')),
        setting.openTask(tenant, 1n),
        setting.grantTo(tenant, 11n),
        setting.transfer(tenant, peer.slug, 5n),
        setting.transfer(peer, tenant.slug, 3n),
        round === 5 ? setting.lapseAll() : undefined,
      ]);
    }
    load.abort();
    await watching;
    assert.deepEqual(found, []);
    assert.deepEqual(await setting.auditedFacts(tenant, 'credits.drift-found'), []);
    await atDay(0);
  });

  it('CREDIT-26 finds a balance that was changed, tells it once in the audit log and as an event, and until it is put right in the row and the metric', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    await change(insertSink, tenant);
    await setting.runTask(tenant, 10n);
    await setting.reconcileDue();
    assert.equal(await setting.ports.reconciliations.totalDrift(), 0n);
    const by = (amount: number): string =>
      `update colloquy.wallets set available_microcredits = available_microcredits + ${amount},
         used_microcredits = used_microcredits - ${amount} where tenant_id = $1`;
    await change(by(5), tenant);
    const drifts = [`${tenant.tenantId} available 5`, `${tenant.tenantId} used -5`];
    assert.deepEqual(await setting.reconcileDue(), [], 'not due yet');
    await atDay(1.01);
    assert.deepEqual(await setting.reconcileDue(), drifts);
    assert.equal(await setting.ports.reconciliations.totalDrift(), 10n);
    const { checkedAt, drifts: kept } = await setting.ports.reconciliations.find(tenant.tenantId);
    assert.ok(checkedAt !== null && checkedAt.getTime() > Date.now() + dayMs);
    assert.deepEqual(kept[0], { of: 'available', expectedMicrocredits: 90n, foundMicrocredits: 95n });
    // More is sent, and the drift stays what it was.
    await setting.runTask(tenant, 20n);
    await atDay(2.02);
    assert.deepEqual(await setting.reconcileDue(), drifts);
    assert.deepEqual(await driftsOf(tenant), ['available 5', 'used -5']);
    assert.deepEqual(await setting.auditedFacts(tenant, 'credits.drift-found'), [
      { available: 'expected 90, found 95', used: 'expected 10, found 5' },
    ]);
    assert.deepEqual(await eventsOf(tenant), [
      {
        type: 'dev.colloquy.credits.drift.v1',
        subject: 'credits',
        data: {
          drifts: [
            { of: 'available', expectedMicrocredits: '90', foundMicrocredits: '95' },
            { of: 'used', expectedMicrocredits: '10', foundMicrocredits: '5' },
          ],
        },
      },
    ]);
    await change(by(-5), tenant);
    assert.deepEqual(await driftsOf(tenant), []);
    assert.equal(await setting.ports.reconciliations.totalDrift(), 0n);
    await atDay(0);
  });

  it('CREDIT-26 finds an entry that was removed, a reservation without an open task, and a grant that has more left than there is', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    await setting.grantTo(tenant, 30n, { expiresAt: new Date(Date.now() + dayMs) });
    await setting.openTask(tenant, 10n);
    await change(
      `delete from colloquy.ledger_entries where tenant_id = $1 and kind = 'grant' and amount_microcredits = 100`,
      tenant,
    );
    assert.deepEqual(await driftsOf(tenant), ['granted 100', 'available 100']);
    await change(`update colloquy.tasks set state = 'failed', node_id = null where tenant_id = $1`, tenant);
    await change('update colloquy.wallets set checked_available_microcredits = 20 where tenant_id = $1', tenant);
    assert.deepEqual(await driftsOf(tenant), ['granted 100', 'available 100', 'open-tasks 10', 'grants 10']);
    assert.equal((await setting.auditedFacts(tenant, 'credits.drift-found')).length, 2);
  });

  it('CREDIT-27 reads entries of days that were summed no more, states months from the sums, and finds wrong sums by reading all', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    const month = new Date(Date.now()).toISOString().slice(0, 7);
    for (const day of [40, 80, 120]) {
      await atDay(day);
      await setting.grantTo(tenant, 10n);
      await setting.runTask(tenant, 4n);
      await setting.reconcileDue();
    }
    const months = Array.from({ length: 5 }, (_, at) =>
      new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + at)).toISOString().slice(0, 7),
    );
    const statements = () => Promise.all(months.map((one) => setting.statementOf(tenant, one)));
    assert.ok((await checkpointsOf(tenant)) >= 3);
    const withSums = await statements();
    await change(
      `update colloquy.credit_checkpoints set totals = jsonb_set(totals, '{grant,1}', '"101"')
       where (tenant_id, until) = (select tenant_id, max(until) from colloquy.credit_checkpoints where tenant_id = $1 group by 1)`,
      tenant,
    );
    await atDay(121.01);
    assert.deepEqual(
      (await setting.reconcileDue()).filter((one) => one.startsWith(tenant.tenantId)),
      [`${tenant.tenantId} granted 19`, `${tenant.tenantId} available 19`],
    );
    assert.deepEqual(await driftsOf(tenant), ['checkpoints -19']);
    assert.equal(await checkpointsOf(tenant), 0);
    assert.deepEqual(await statements(), withSums);
    assert.deepEqual(await driftsOf(tenant), []);
    await atDay(122.1);
    assert.deepEqual(
      (await setting.reconcileDue()).filter((one) => one.startsWith(tenant.tenantId)),
      [],
    );
    assert.ok((await checkpointsOf(tenant)) >= 3);
    await atDay(0);
  });

  it('CREDIT-27 sums no day before an hour has passed, when a transaction of that day may still be open', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    const midnightMs = Math.ceil(Date.now() / dayMs + 200) * dayMs;
    const goTo = (ms: number): Promise<void> => setting.database.setClockOffset(ms - Date.now());
    await goTo(midnightMs - 3_600_000);
    await setting.grantTo(tenant, 1n);
    while (await setting.ports.reconciliations.advanceCheckpoint(tenant.tenantId));
    const before = await checkpointsOf(tenant);
    await goTo(midnightMs + limits.creditCheckpointAfterMs - 60_000);
    assert.equal(await setting.ports.reconciliations.advanceCheckpoint(tenant.tenantId), false);
    await goTo(midnightMs + limits.creditCheckpointAfterMs + 60_000);
    assert.equal(await setting.ports.reconciliations.advanceCheckpoint(tenant.tenantId), true);
    assert.equal(await checkpointsOf(tenant), before + 1);
    await atDay(0);
  });

  it('CREDIT-28 reconciles the other tenants although one cannot be read, and says so', async () => {
    await atDay(300);
    await setting.reconcileDue();
    const [broken, sound] = [await setting.seedTenant(), await setting.seedTenant()];
    await change(`insert into colloquy.credit_checkpoints values ($1, now(), '{"grant": ["x", "1"]}')`, broken);
    await assert.rejects(setting.reconcileDue());
    assert.ok((await setting.ports.reconciliations.find(sound.tenantId)).checkedAt !== null);
    await change('delete from colloquy.credit_checkpoints where tenant_id = $1', broken);
    await setting.reconcileDue();
    assert.ok((await setting.ports.reconciliations.find(broken.tenantId)).checkedAt !== null);
    await atDay(0);
  });

  it('CREDIT-28 is shared by several processes: each tenant is reported once', async () => {
    await atDay(400);
    await setting.reconcileDue();
    const tenants = await Promise.all(Array.from({ length: 5 }, () => setting.seedTenant({ credits: 10n })));
    for (const tenant of tenants) {
      await change(
        'update colloquy.wallets set granted_microcredits = 11, available_microcredits = 11 where tenant_id = $1',
        tenant,
      );
    }
    await Promise.all([setting.reconcileDue(), setting.reconcileDue(), setting.reconcileDue()]);
    for (const tenant of tenants) {
      assert.equal((await setting.auditedFacts(tenant, 'credits.drift-found')).length, 1);
    }
    await atDay(0);
  });
});
