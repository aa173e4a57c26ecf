/** Guarantee: the commands of credits show and change what the platform holds, in credits as people write them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { OperationAnswer } from '@colloquy/sdk/client';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

describe('the commands of credits', () => {
  let setting: CommandSetting;

  before(async () => {
    setting = await startCommandSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  it('show and change how a tenant is charged, and keep what is not given', async () => {
    const { acme, operator } = setting;
    assert.match(
      await acme.told('credits', 'settings'),
      /overage +cap\noverage-max +0\nunknown-price +1\nlow-credit +none/,
    );
    const set = ['credits', 'configure', 'acme'];
    assert.match(
      await operator.told(...set, '--overage', 'debit', '--overage-max', '12.5', '--low-credit', '3'),
      /overage +debit\noverage-max +12\.5\nunknown-price +1\nlow-credit +3/,
    );
    await operator.told(...set, '--low-credit', 'none', '--unknown-price', '0.25');
    assert.deepEqual(await acme.value('credits', 'settings'), {
      overagePolicy: 'debit',
      overageMaxMicrocredits: 12_500_000,
      unknownPriceMicrocredits: 250_000,
      lowCreditMicrocredits: null,
    });
    await operator.refused(2, ...set, '--overage', 'never');
  });

  it('grant credits that expire, and transfer credits once for an id', async () => {
    const { acme, operator } = setting;
    const before = (await acme.value('credits', 'balance')) as { availableMicrocredits: number };
    await operator.told('credits', 'grant', 'acme', '2.5', '--expires', '2999-01-01');
    for (const expires of ['soon', '2027-01-01T12:00', 'Jan 1 2027'])
      await operator.refused(2, 'credits', 'grant', 'acme', '1', '--expires', expires);
    const past = await operator.refused(3, 'credits', 'grant', 'acme', '1', '--expires', '2020-01-01');
    assert.equal(past.code, 'request.invalid');
    await operator.told('tenant', 'create', 'globex', '--name', 'Globex');
    const transfer = ['credits', 'transfer', 'acme', 'globex', '0.5', '--transfer-id', randomUUID()];
    const told = await operator.told(...transfer);
    assert.match(told, /^Moved 0\.5 credits to globex; acme has [\d.]+ available\.\n$/);
    assert.equal(await operator.told(...transfer), told);
    const after = (await acme.value('credits', 'balance')) as { availableMicrocredits: number };
    assert.equal(after.availableMicrocredits - before.availableMicrocredits, 2_000_000);
    await operator.refused(7, 'credits', 'transfer', 'acme', 'globex', '1000000');
    await acme.refused(4, 'credits', 'transfer', 'acme', 'globex', '0.5');
    await operator.refused(2, 'credits', 'transfer', 'acme', 'globex', '-1');
    await operator.refused(2, 'credits', 'transfer', 'acme', 'globex', '0.0000001');
  });

  it('reconcile a wallet with its ledger', async () => {
    const { operator, acme } = setting;
    assert.match(
      await operator.told('credits', 'reconcile', 'acme'),
      /^Wallet, ledger, open tasks and grants agree as of /,
    );
    const last = await operator.value<OperationAnswer<'readReconciliation'>>('credits', 'reconcile', 'acme', '--last');
    assert.deepEqual(last.drifts, []);
    assert.ok(last.checkedAt !== undefined);
    await acme.refused(4, 'credits', 'reconcile', 'acme');
  });

  it('state a month, for people, for programs and as comma-separated values', async () => {
    const { acme, operator } = setting;
    await operator.told('credits', 'grant', 'acme', '1.5');
    const month = new Date().toISOString().slice(0, 7);
    const told = await acme.told('credits', 'statement', month);
    assert.match(told, /\(not final yet\)[^]*granted +0 +[1-9][^]*grant +\d+ +\d/);
    const csv = await acme.told('credits', 'statement', month, '--csv');
    const { lines } = await acme.value<OperationAnswer<'readCreditStatement'>>('credits', 'statement', month);
    const grants = lines.find(({ kind }) => kind === 'grant');
    assert.ok(grants !== undefined);
    assert.ok(csv.startsWith('month,part,name,entries,microcredits\n'));
    assert.ok(csv.includes(`\n${month},entries,grant,${grants.entries},${grants.amountMicrocredits}\n`), csv);
    assert.equal((await acme.refused(3, 'credits', 'statement', '2026-13')).code, 'request.invalid');
  });
});
