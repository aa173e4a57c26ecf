/** Guarantee: credits are conserved to the unit, no tenant spends more than it holds, and only completed work is paid for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { taskStates } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import { applyLedgerEntry, emptyBalance, isBalanced } from './credit-ledger-rules.ts';
import { ledgerMoves } from './credit-ledger.ts';
import type { CreditBalance, LedgerEntryKind } from './credit-ledger.ts';
import { canReserve, closingOf, payExcess } from './credit-reservation-rules.ts';

type Step =
  | { readonly do: 'grant'; readonly amount: bigint }
  | { readonly do: 'send'; readonly price: bigint }
  | { readonly do: 'move'; readonly task: number; readonly state: TaskState };

const amount = fc.bigInt({ min: 1n, max: 10n ** 15n });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('grant' as const), amount }),
  fc.record({ do: fc.constant('send' as const), price: fc.oneof(amount, fc.bigInt({ min: 1n, max: 100n })) }),
  fc.record({ do: fc.constant('move' as const), task: fc.nat(9), state: fc.constantFrom(...taskStates) }),
);

/** The rules under test, driven like the platform drives them: one reservation for each task, closed once. */
function runRules(steps: readonly Step[]): CreditBalance {
  let balance = emptyBalance;
  const open: (bigint | null)[] = [];
  const apply = (kind: LedgerEntryKind, moved: bigint): void => {
    const next = applyLedgerEntry(balance, kind, moved);
    assert.ok(next !== null, `${kind} of ${moved} was allowed by the rules`);
    balance = next;
    assert.ok(isBalanced(balance));
  };
  for (const item of steps) {
    if (item.do === 'grant') apply('grant', item.amount);
    if (item.do === 'send' && canReserve(balance.availableMicrocredits, item.price)) {
      apply('reserve', item.price);
      open.push(item.price);
    }
    if (item.do === 'move') {
      const held = open[item.task] ?? null;
      const closing = closingOf(item.state);
      if (held === null || closing === 'keep') continue;
      apply(closing, held);
      open[item.task] = null;
    }
  }
  return balance;
}

/** The ten-line model: a purse, what was paid, and the tasks that still hold their price. */
function runModel(steps: readonly Step[]): { purse: bigint; held: bigint; paid: bigint } {
  const model = { purse: 0n, held: 0n, paid: 0n };
  const prices: bigint[] = [];
  for (const item of steps) {
    if (item.do === 'grant') model.purse += item.amount;
    else if (item.do === 'send' && item.price <= model.purse) {
      [model.purse, model.held] = [model.purse - item.price, model.held + item.price];
      prices.push(item.price);
    } else if (item.do === 'move' && /COMPLETED|FAILED|CANCELED|REJECTED/.test(item.state)) {
      const price = prices[item.task] ?? 0n;
      if (price > 0n) prices[item.task] = 0n;
      model.held -= price;
      if (item.state === 'TASK_STATE_COMPLETED') model.paid += price;
      else model.purse += price;
    }
  }
  return model;
}

describe('ledger rules', () => {
  it('CREDIT-7 agree with a purse, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ruled = runRules(steps);
        const { purse, held, paid } = runModel(steps);
        assert.deepEqual(
          [ruled.availableMicrocredits, ruled.reservedMicrocredits, ruled.usedMicrocredits],
          [purse, held, paid],
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('refuse to move what an account does not hold, and amounts that are no amounts', () => {
    const balance = applyLedgerEntry(emptyBalance, 'grant', 5n);
    assert.ok(balance !== null);
    for (const [kind, moved] of [
      ['reserve', 6n],
      ['settle', 1n],
      ['release', 1n],
      ['grant', 0n],
      ['grant', -1n],
      ['reserve', -1n],
    ] as const) {
      assert.equal(applyLedgerEntry(balance, kind, moved), null, `${kind} ${moved}`);
    }
    assert.ok(isBalanced(balance));
  });

  it('CREDIT-4 pay for completed work only, and hold the price while a task waits for its caller', () => {
    const settled = taskStates.filter((state) => closingOf(state) === 'settle');
    const kept = taskStates.filter((state) => closingOf(state) === 'keep');
    assert.deepEqual(settled, ['TASK_STATE_COMPLETED']);
    assert.deepEqual(kept.toSorted(), [
      'TASK_STATE_AUTH_REQUIRED',
      'TASK_STATE_INPUT_REQUIRED',
      'TASK_STATE_SUBMITTED',
      'TASK_STATE_UNSPECIFIED',
      'TASK_STATE_WORKING',
    ]);
  });

  it('CREDIT-14 return the hold of a task whose time ran out while it waited as expired, and never that of a completed one', () => {
    for (const state of taskStates) {
      const [closing, expired] = [closingOf(state), closingOf(state, true)];
      assert.equal(expired, closing === 'release' ? 'expire' : closing, state);
    }
  });

  it('CREDIT-12 keep granted + overage = available + reserved + used + expired, whatever entry fits', () => {
    const moves = fc.array(fc.tuple(fc.constantFrom(...Object.keys(ledgerMoves)), fc.bigInt({ min: -2n, max: 30n })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(moves, (entries) => {
        let balance = emptyBalance;
        for (const [kind, moved] of entries)
          balance = applyLedgerEntry(balance, kind as LedgerEntryKind, moved) ?? balance;
        assert.ok(isBalanced(balance));
      }),
      { numRuns: 2000 },
    );
  });

  it('CREDIT-13 pay what a task cost above its hold by the policy of the tenant, to the unit, and never owe more than it may', () => {
    const amounts = fc.bigInt({ min: 0n, max: 100n });
    fc.assert(
      fc.property(amounts, amounts, amounts, amounts, (excess, available, overage, most) => {
        const wallet = { availableMicrocredits: available, overageMicrocredits: overage };
        const capped = payExcess(excess, wallet, { overagePolicy: 'cap', overageMaxMicrocredits: most });
        assert.deepEqual(Object.values(capped), [0n, 0n, excess]);
        const debited = payExcess(excess, wallet, { overagePolicy: 'debit', overageMaxMicrocredits: most });
        const { chargedMicrocredits: charged, owedMicrocredits: owed, uncollectedMicrocredits: rest } = debited;
        assert.equal(charged + owed + rest, excess);
        assert.ok(charged <= available && charged >= 0n && owed >= 0n && rest >= 0n);
        if (owed > 0n) assert.ok(charged === available && overage + owed <= most);
        if (rest > 0n) assert.ok(charged === available && overage + owed >= most);
      }),
      { numRuns: 2000 },
    );
  });

  it('take a free call without credits and refuse a negative price', () => {
    assert.equal(canReserve(0n, 0n), true);
    assert.equal(canReserve(0n, 1n), false);
    assert.equal(canReserve(10n, -1n), false);
  });
});
