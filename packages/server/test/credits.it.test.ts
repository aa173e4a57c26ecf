/**
 * Guarantee: a grant reaches the wallet once however often it is sent, the wallet equals its ledger at every commit, and each grant
 * leaves one audit entry of its tenant.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createCreditLedgerStore } from '../src/adapters/postgres/metering/credit-ledger-store.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { listAuditEntries } from '../src/modules/audit/index.ts';
import { grantCredits, isBalanced, listLedgerEntries, readBalance } from '../src/modules/metering/index.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

const limitMicrocredits = BigInt(limits.amountMicrocreditsMax);
const firstPage = { after: null, limit: 100 };

describe('grants of credits', () => {
  let setting: RegistrySetting;
  before(async () => {
    setting = await startRegistrySetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function seen(caller: Caller): Promise<{ granted: bigint; entries: number; audited: number }> {
    const balance = await readBalance(setting)(caller);
    assert.ok(isBalanced(balance));
    const entries = await listLedgerEntries(setting)(caller, { ...firstPage, taskId: null });
    const audited = await listAuditEntries(setting)(caller, { ...firstPage, resource: null });
    const sum = entries.items.reduce((total, entry) => total + entry.amountMicrocredits, 0n);
    assert.equal(balance.grantedMicrocredits, sum);
    return {
      granted: balance.grantedMicrocredits,
      entries: entries.items.length,
      audited: audited.items.filter((entry) => entry.action === 'credits.granted').length,
    };
  }

  it('begin with an empty wallet', async () => {
    const caller = await setting.newCaller();
    assert.deepEqual(await seen(caller), { granted: 0n, entries: 0, audited: 0 });
  });

  it('reach the wallet once when one grant is sent twenty times at once', async () => {
    const caller = await setting.newCaller();
    const input = { amountMicrocredits: 700n, grantId: randomUUID() };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => grantCredits(setting)(caller, input)));
    for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0]);
    assert.equal(outcomes[0]?.balance.availableMicrocredits, 700n);
    assert.deepEqual(await seen(caller), { granted: 700n, entries: 1, audited: 1 });
  });

  it('add up when twenty different grants run at once', async () => {
    const caller = await setting.newCaller();
    const grants = Array.from({ length: 20 }, (_, at) => ({ amountMicrocredits: BigInt(at + 1), grantId: null }));
    await Promise.all(grants.map((input) => grantCredits(setting)(caller, input)));
    assert.deepEqual(await seen(caller), { granted: 210n, entries: 20, audited: 20 });
  });

  it('stand when their id is used again with another amount', async () => {
    const caller = await setting.newCaller();
    const grantId = randomUUID();
    await grantCredits(setting)(caller, { amountMicrocredits: 5n, grantId });
    const again = grantCredits(setting)(caller, { amountMicrocredits: 6n, grantId: grantId.toUpperCase() });
    await assert.rejects(again, { code: 'credits.grant-conflict' });
    assert.deepEqual(await seen(caller), { granted: 5n, entries: 1, audited: 1 });
  });

  it('belong to their tenant: the same id of another tenant is another grant', async () => {
    const [one, other] = [await setting.newCaller(), await setting.newCaller()];
    const grantId = randomUUID();
    await grantCredits(setting)(one, { amountMicrocredits: 5n, grantId });
    await grantCredits(setting)(other, { amountMicrocredits: 9n, grantId });
    assert.deepEqual(await seen(one), { granted: 5n, entries: 1, audited: 1 });
    assert.deepEqual(await seen(other), { granted: 9n, entries: 1, audited: 1 });
  });

  it('never take a wallet beyond an exact JSON number, also when they race', async () => {
    const caller = await setting.newCaller();
    const half = { amountMicrocredits: limitMicrocredits / 2n, grantId: null };
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => grantCredits(setting)(caller, half)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 2);
    assert.deepEqual(await seen(caller), { granted: limitMicrocredits, entries: 2, audited: 2 });
  });

  it('refuse an invalid amount and change nothing', async () => {
    const caller = await setting.newCaller();
    for (const amountMicrocredits of [0n, -1n, limitMicrocredits + 1n]) {
      const refused = grantCredits(setting)(caller, { amountMicrocredits, grantId: null });
      await assert.rejects(refused, { code: 'credits.amount-invalid' });
    }
    const noUuid = grantCredits(setting)(caller, { amountMicrocredits: 1n, grantId: 'x' });
    await assert.rejects(noUuid, { code: 'request.invalid' });
    assert.deepEqual(await seen(caller), { granted: 0n, entries: 0, audited: 0 });
  });

  it('are refused for now, whole, while another transaction holds the wallet', async () => {
    const caller = await setting.newCaller();
    const input = { amountMicrocredits: 5n, grantId: randomUUID() };
    const impatient = createPool({
      url: setting.database.adminUrl,
      role: 'colloquy_app',
      connectionsMax: 1,
      applicationName: 'credits-test',
      lockTimeoutMs: 50,
    });
    const grant = grantCredits({ ...setting, ledger: createCreditLedgerStore(impatient) });
    try {
      await setting.rows('begin');
      await setting.rows('select from colloquy.wallets where tenant_id = $1 for update', caller.tenant.id.slice(4));
      await assert.rejects(grant(caller, input), { code: 'platform.unavailable' });
      await setting.rows('rollback');
      assert.deepEqual(await seen(caller), { granted: 0n, entries: 0, audited: 0 });
      assert.equal((await grant(caller, input)).balance.availableMicrocredits, 5n);
    } finally {
      await impatient.end();
    }
    assert.deepEqual(await seen(caller), { granted: 5n, entries: 1, audited: 1 });
  });

  it('are listed page by page without a gap or a repeat', async () => {
    const caller = await setting.newCaller();
    for (let at = 1n; at <= 7n; at += 1n) {
      await grantCredits(setting)(caller, { amountMicrocredits: at, grantId: randomUUID() });
    }
    const amounts: bigint[] = [];
    let after: string | null = null;
    do {
      const page = await listLedgerEntries(setting)(caller, { after, limit: 3, taskId: null });
      amounts.push(...page.items.map((entry) => entry.amountMicrocredits));
      after = page.next;
    } while (after !== null);
    assert.deepEqual(amounts, [7n, 6n, 5n, 4n, 3n, 2n, 1n]);
  });

  it('are listed among charges by time, so that grants never hide newer charges, also within one page and one moment', async () => {
    const caller = await setting.newCaller();
    // Ids of grants are random, so some sort after those of every task; two entries share each moment but the last.
    await setting.rows(
      `insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits, created_at)
       select $1, id::uuid, kind, amount, timestamptz '2026-01-01' + amount / 2 * interval '1 microsecond'
       from (values ('ffffffff-0000-4000-8000-000000000000', 'grant', 1), ('01900000-0000-7000-8000-000000000000', 'reserve', 2),
         ('eeeeeeee-0000-4000-8000-000000000000', 'grant', 3), ('01900000-0000-7000-8000-000000000000', 'release', 4),
         ('01900000-0000-7000-8000-000000000000', 'settle', 5), ('00000000-0000-4000-8000-000000000000', 'grant', 6)) v (id, kind, amount)`,
      uuidOf(caller.tenant.id),
    );
    const list = (taskId: string | null, after: string | null, limit = 1) =>
      listLedgerEntries(setting)(caller, { after, limit, taskId });
    const amounts: bigint[] = [];
    let next: string | null = null;
    do {
      const page = await list(null, next);
      amounts.push(...page.items.map((entry) => entry.amountMicrocredits));
      next = page.next;
    } while (next !== null);
    assert.deepEqual(amounts, [6n, 5n, 4n, 3n, 2n, 1n]);
    const taskId = 'tsk_01900000000070008000000000000000';
    const [settled] = (await list(taskId, null)).items;
    assert.equal(settled?.kind, 'settle');
    const rest = await list(taskId, `${settled.reservationId}.settle`, 10);
    assert.deepEqual(
      rest.items.map(({ kind }) => kind),
      ['release', 'reserve'],
    );
    assert.deepEqual((await list(null, `${'9'.repeat(32)}.settle`, 10)).items, []);
  });
});
