/**
 * Guarantee: the rules of the ledger do what the tables of its specification say, in whatever order tasks and operators come. The model reads the tables
 * and knows nothing else. Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { taskStates } from '@colloquy/protocol';
import type { TaskState } from '@colloquy/protocol';
import { applyLedgerEntry, closingOf, emptyBalance, isBalanced, ledgerMoves } from '../src/modules/metering/index.ts';
import type { CreditBalance, LedgerEntryKind } from '../src/modules/metering/index.ts';

const spec = readFileSync(path.join(import.meta.dirname, '../../../docs/specs/credits.md'), 'utf8');

/** The rows of the table with this header, without backticks. */
function rowsOf(header: RegExp): readonly (readonly string[])[] {
  const lines = spec.split('\n');
  const from = lines.findIndex((line) => header.test(line));
  const rest = lines.slice(from + 2);
  const length = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const moves = new Map(rowsOf(/^\| Kind +\| From/).map(([kind = '', from = '', to = '']) => [kind, { from, to }]));
const closings = new Map(rowsOf(/^\| Task state +\| Closing/).map(([state = '', closing = '']) => [state, closing]));
const nameOf = (state: TaskState): string => state.replace('TASK_STATE_', '').toLowerCase().replace('_', '-');

/** Accounts as a map. The two sources grow by what leaves them. */
class Model {
  readonly accounts = new Map<string, bigint>();
  readonly #sources = new Set(['granted', 'overage']);

  /** Whether the entry was possible. */
  move(kind: string, amount: bigint): boolean {
    const { from, to } = moves.get(kind) ?? assert.fail(`the specification has no ${kind}`);
    const after = new Map(this.accounts);
    after.set(from, (after.get(from) ?? 0n) + (this.#sources.has(from) ? amount : -amount));
    after.set(to, (after.get(to) ?? 0n) + (this.#sources.has(to) ? -amount : amount));
    if (amount <= 0n || [from, to].some((account) => (after.get(account) ?? 0n) < 0n)) return false;
    for (const [account, held] of after) this.accounts.set(account, held);
    return true;
  }
}

const stored = taskStates.filter((state) => state !== 'TASK_STATE_UNSPECIFIED');
const amount = fc.bigInt({ min: 0n, max: 40n });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reserve' as const), amount }) },
  {
    weight: 4,
    arbitrary: fc.record({ task: fc.nat(7), state: fc.constantFrom(...stored), hasExpired: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom(...(Object.keys(ledgerMoves) as LedgerEntryKind[])), amount }),
  },
);

describe('the tables of the ledger', () => {
  it('have every kind of entry, and a closing for every state of a task', () => {
    assert.deepEqual([...moves.keys()], Object.keys(ledgerMoves));
    assert.deepEqual([...closings.keys()].toSorted(), stored.map(nameOf).toSorted());
  });

  it('CREDIT-7 CREDIT-12 are what the rules do, whatever moves and whatever becomes of tasks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const model = new Model();
        let balance: CreditBalance = emptyBalance;
        const open: bigint[] = [];
        const apply = (kind: LedgerEntryKind, moved: bigint): boolean => {
          const next = applyLedgerEntry(balance, kind, moved);
          assert.equal(next !== null, model.move(kind, moved), `${kind} of ${moved}`);
          balance = next ?? balance;
          return next !== null;
        };
        for (const one of steps) {
          if ('kind' in one) {
            if (apply(one.kind, one.amount) && one.kind === 'reserve') open.push(one.amount);
            continue;
          }
          const { task, state, hasExpired } = one;
          const told = closings.get(nameOf(state));
          // The sentence before the table: a release of a task whose time ran out is an expiry.
          const closing = told === 'release' && hasExpired ? 'expire' : told;
          const ruled = closingOf(state, hasExpired);
          assert.equal(ruled, closing);
          const held = open[task] ?? 0n;
          if (ruled === 'keep' || held === 0n) continue;
          open[task] = 0n;
          apply(ruled, held);
        }
        for (const [account, held] of model.accounts)
          assert.equal(balance[`${account}Microcredits` as keyof CreditBalance], held, account);
        assert.ok(isBalanced(balance));
      }),
      { numRuns: 2_000 },
    );
  });
});
