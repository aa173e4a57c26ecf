import type { Caller } from '../../kernel/caller.ts';
import type { CreditBalance } from './credit-ledger.ts';
import type { CreditLedgerStore } from './credit-ledger-store.ts';

/** The balance of the caller's tenant, as of one commit. */
export function readBalance(deps: { readonly ledger: CreditLedgerStore }) {
  return (caller: Caller): Promise<CreditBalance> => deps.ledger.readBalance(caller.tenant.id);
}
