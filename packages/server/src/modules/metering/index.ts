export { isOfTask, ledgerMoves } from './credit-ledger.ts';
export type { CreditAccount, CreditBalance, LedgerEntry, LedgerEntryKind, ListedLedgerEntry } from './credit-ledger.ts';
export { applyLedgerEntry, emptyBalance, isBalanced, ledgerEffects } from './credit-ledger-rules.ts';
export type { LedgerTotals } from './credit-ledger-rules.ts';
export type {
  CreditLedgerStore,
  GrantLapseStore,
  GrantOutcome,
  LedgerQuery,
  NewGrant,
  NewTransfer,
  TransferOutcome,
} from './credit-ledger-store.ts';
export { canReserve, closingOf, payExcess } from './credit-reservation-rules.ts';
export type { ExcessPayment, ReservationClosing } from './credit-reservation-rules.ts';
export { defaultCreditSettings, readCreditSettings, setCreditSettings } from './credit-settings.ts';
export type { CreditSettings, CreditSettingsStore } from './credit-settings.ts';
export { driftsOf } from './credit-reconciliation-rules.ts';
export type { CreditBooks, CreditDrift, DriftOf } from './credit-reconciliation-rules.ts';
export { readCreditStatement } from './credit-statement.ts';
export type { CreditStatement, CreditStatementStore, TotalsBetween } from './credit-statement.ts';
export { grantCredits } from './grant-credits.ts';
export type { GrantCreditsInput, GrantedCredits } from './grant-credits.ts';
export { lapseDueGrants } from './lapse-grants.ts';
export { listLedgerEntries, readBalance } from './list-ledger-entries.ts';
export type { ListLedgerEntriesInput } from './list-ledger-entries.ts';
export { readReconciliation, reconcileCredits, reconcileDueCredits } from './reconcile-credits.ts';
export type { CreditReconciliation, CreditReconciliationStore, CreditReconciliationWork } from './reconcile-credits.ts';
export { transferCredits } from './transfer-credits.ts';
export type { TransferCreditsInput, TransferredCredits } from './transfer-credits.ts';
