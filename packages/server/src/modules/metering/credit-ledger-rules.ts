import { ledgerMoves } from './credit-ledger.ts';
import type { CreditAccount, CreditBalance, LedgerEntryKind } from './credit-ledger.ts';

export const emptyBalance: CreditBalance = {
  grantedMicrocredits: 0n,
  availableMicrocredits: 0n,
  reservedMicrocredits: 0n,
  usedMicrocredits: 0n,
  expiredMicrocredits: 0n,
  overageMicrocredits: 0n,
};

/** The balance after an entry, or null when it would leave an account below zero. Amounts are positive. */
export function applyLedgerEntry(balance: CreditBalance, kind: LedgerEntryKind, amount: bigint): CreditBalance | null {
  if (amount <= 0n) return null;
  const next = ledgerEffects(kind).reduce(
    (moved, { account, sign }) => ({
      ...moved,
      [`${account}Microcredits`]: moved[`${account}Microcredits`] + sign * amount,
    }),
    balance,
  );
  return Object.values(next).some((held) => held < 0n) ? null : next;
}

/** How an entry of a kind changes the two accounts: a source grows by what leaves it, every other account shrinks. */
export function ledgerEffects(kind: LedgerEntryKind): readonly { account: CreditAccount; sign: 1n | -1n }[] {
  const { from, to } = ledgerMoves[kind];
  return [
    { account: from, sign: isSource(from) ? 1n : -1n },
    { account: to, sign: isSource(to) ? -1n : 1n },
  ];
}

function isSource(account: CreditAccount): boolean {
  return account === 'granted' || account === 'overage';
}

/** The entries of each kind, and what they moved. */
export type LedgerTotals = Readonly<
  Partial<Record<LedgerEntryKind, { readonly entries: bigint; readonly amountMicrocredits: bigint }>>
>;

/** The balance to which entries sum. Entries that were tampered with may leave an account below zero. */
export function balanceOfTotals(totals: LedgerTotals): CreditBalance {
  const balance: Record<keyof CreditBalance, bigint> = { ...emptyBalance };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a closed table
  for (const kind of Object.keys(ledgerMoves) as LedgerEntryKind[]) {
    for (const { account, sign } of ledgerEffects(kind)) {
      balance[`${account}Microcredits`] += sign * (totals[kind]?.amountMicrocredits ?? 0n);
    }
  }
  return balance;
}

/** Whether nothing was made or lost: granted + overage = available + reserved + used + expired, and no account below zero. */
export function isBalanced(balance: CreditBalance): boolean {
  const given = balance.grantedMicrocredits + balance.overageMicrocredits;
  const held = balance.availableMicrocredits + balance.reservedMicrocredits;
  const gone = balance.usedMicrocredits + balance.expiredMicrocredits;
  return given === held + gone && Object.values(balance).every((amount) => amount >= 0n);
}
