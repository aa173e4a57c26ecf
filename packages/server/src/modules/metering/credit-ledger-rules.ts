import { ledgerMoves } from './credit-ledger.ts';
import type { CreditBalance, LedgerEntryKind } from './credit-ledger.ts';

export const emptyBalance: CreditBalance = {
  grantedMicrocredits: 0n,
  availableMicrocredits: 0n,
  reservedMicrocredits: 0n,
  usedMicrocredits: 0n,
};

/** The balance after an entry, or null when the account that it leaves does not hold the amount. Amounts are positive. */
export function applyLedgerEntry(balance: CreditBalance, kind: LedgerEntryKind, amount: bigint): CreditBalance | null {
  const { from, to } = ledgerMoves[kind];
  if (amount <= 0n) return null;
  if (from === 'granted') {
    const grantedMicrocredits = balance.grantedMicrocredits + amount;
    return { ...balance, grantedMicrocredits, availableMicrocredits: balance.availableMicrocredits + amount };
  }
  const left = balance[`${from}Microcredits`] - amount;
  if (left < 0n) return null;
  return { ...balance, [`${from}Microcredits`]: left, [`${to}Microcredits`]: balance[`${to}Microcredits`] + amount };
}

/** Whether nothing was made or lost: granted = available + reserved + used, and no account below zero. */
export function isBalanced(balance: CreditBalance): boolean {
  const { grantedMicrocredits, availableMicrocredits, reservedMicrocredits, usedMicrocredits } = balance;
  const isNegative = availableMicrocredits < 0n || reservedMicrocredits < 0n || usedMicrocredits < 0n;
  return !isNegative && grantedMicrocredits === availableMicrocredits + reservedMicrocredits + usedMicrocredits;
}
