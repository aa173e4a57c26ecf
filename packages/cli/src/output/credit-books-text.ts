import type { OperationAnswer } from '@colloquy/sdk/client';
import { creditsText } from './credits.ts';
import { table } from './table.ts';

type Statement = OperationAnswer<'readCreditStatement'>;

const accounts = ['granted', 'available', 'reserved', 'used', 'expired', 'overage'] as const;

/** What moved the credits of a month, for people. */
export function statementText({ month, isFinal, opening, lines, closing }: Statement): string {
  const moved = lines
    .filter(({ entries }) => entries > 0)
    .map(({ kind, entries, amountMicrocredits }) => [kind, String(entries), creditsText(amountMicrocredits)]);
  const balances = accounts.map((account) => [
    account,
    creditsText(opening[`${account}Microcredits`]),
    creditsText(closing[`${account}Microcredits`]),
  ]);
  return [
    `${month}${isFinal ? '' : ' (not final yet)'}`,
    table(['BALANCE', 'OPENING', 'CLOSING'], balances),
    table(['KIND', 'ENTRIES', 'CREDITS'], moved) || 'There are no entries.',
  ].join('\n\n');
}

/** The same as comma-separated values, in micro-credits, with a line for each kind of entry. */
export function statementCsv({ month, opening, lines, closing }: Statement): string {
  const balance = (part: 'opening' | 'closing', of: Statement['opening']): string[] =>
    accounts.map((account) => `${month},${part},${account},,${of[`${account}Microcredits`]}`);
  const moved = lines.map(
    ({ kind, entries, amountMicrocredits }) => `${month},entries,${kind},${entries},${amountMicrocredits}`,
  );
  const head = 'month,part,name,entries,microcredits';
  return [head, ...balance('opening', opening), ...moved, ...balance('closing', closing)].join('\n');
}

/** What differs between a wallet and its ledger. */
export function reconciliationText({ checkedAt, drifts }: OperationAnswer<'readReconciliation'>): string {
  if (checkedAt === undefined) return 'There was no reconciliation yet.';
  if (drifts.length === 0) return `Wallet, ledger, open tasks and grants agree as of ${checkedAt}.`;
  const rows = drifts.map(({ of, expectedMicrocredits: expected, foundMicrocredits: found }) => [
    of,
    creditsText(expected),
    creditsText(found),
    creditsText(found - expected),
  ]);
  return `${table(['FIGURE', 'EXPECTED', 'FOUND', 'DIFFERENCE'], rows)}\n\nCompared at ${checkedAt}.`;
}
