import type { CreditAccount, CreditBalance } from './credit-ledger.ts';
import { balanceOfTotals } from './credit-ledger-rules.ts';
import type { LedgerTotals } from './credit-ledger-rules.ts';

/** What a wallet is compared with, all as of one moment. */
export interface CreditBooks {
  readonly wallet: CreditBalance;
  /** What was available when the rests of the grants were last computed. */
  readonly checkedAvailableMicrocredits: bigint;
  /** The sums of the ledger's entries. */
  readonly totals: LedgerTotals;
  /** The same sums, with those of the newest checkpoint in place of the entries before it. */
  readonly checkpointTotals: LedgerTotals;
  /** Reserved for tasks that have not ended. */
  readonly openMicrocredits: bigint;
  /** Left of grants that are going to expire. */
  readonly leftMicrocredits: bigint;
}

/** Which figure of a wallet is off. An account differs from its entries; `open-tasks`, `grants` and `checkpoints` are about what else counts them. */
export type DriftOf = CreditAccount | 'open-tasks' | 'grants' | 'checkpoints';

export interface CreditDrift {
  readonly of: DriftOf;
  readonly expectedMicrocredits: bigint;
  readonly foundMicrocredits: bigint;
}

const accounts: readonly CreditAccount[] = ['granted', 'available', 'reserved', 'used', 'expired', 'overage'];

/** Every figure that disagrees; empty for sound books. Of the checkpoints it names the first account that is off. */
export function driftsOf(books: CreditBooks): readonly CreditDrift[] {
  const { wallet, checkedAvailableMicrocredits: checked, leftMicrocredits: left } = books;
  const expected = balanceOfTotals(books.totals);
  const figure = (of: DriftOf, expectedMicrocredits: bigint, foundMicrocredits: bigint): CreditDrift[] =>
    expectedMicrocredits === foundMicrocredits ? [] : [{ of, expectedMicrocredits, foundMicrocredits }];
  const remembered = balanceOfTotals(books.checkpointTotals);
  return [
    ...accounts.flatMap((one) => figure(one, expected[`${one}Microcredits`], wallet[`${one}Microcredits`])),
    ...figure('open-tasks', books.openMicrocredits, wallet.reservedMicrocredits),
    // Tasks may have used more since then, so only the one direction tells something.
    ...figure('grants', left < checked ? left : checked, left),
    ...accounts
      .flatMap((one) => figure('checkpoints', expected[`${one}Microcredits`], remembered[`${one}Microcredits`]))
      .slice(0, 1),
  ];
}
