import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId, uuidOf } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { ledgerMoves } from './credit-ledger.ts';
import type { CreditBalance, LedgerEntryKind, ListedLedgerEntry } from './credit-ledger.ts';
import type { CreditLedgerStore, LedgerQuery } from './credit-ledger-store.ts';

export interface ListLedgerEntriesInput extends PageRequest {
  /** Only the entries of this task's reservation; null for all. */
  readonly taskId: string | null;
}

/** The balance of the caller's tenant, as of one commit. */
export function readBalance(deps: { readonly ledger: CreditLedgerStore }) {
  return (caller: Caller): Promise<CreditBalance> => deps.ledger.readBalance(caller.tenant.id);
}

/** Ledger entries of the caller's tenant, newest first. Throws `request.invalid` for an invalid cursor or task id. */
export function listLedgerEntries(deps: { readonly ledger: CreditLedgerStore }) {
  return async (caller: Caller, input: ListLedgerEntriesInput): Promise<Page<ListedLedgerEntry>> => {
    const query: LedgerQuery = {
      after: input.after === null ? null : cursorFrom(input.after),
      reservationId: input.taskId === null ? null : reservationOf(input.taskId),
      limit: input.limit + 1,
    };
    const rows = await deps.ledger.listEntries(caller.tenant.id, query);
    return pageOf(rows, input.limit, (entry) => `${entry.reservationId}.${entry.kind}`);
  };
}

function cursorFrom(text: string): { reservationId: string; kind: LedgerEntryKind } {
  const [reservationId = '', kind = ''] = text.split('.');
  if (/^[0-9a-f]{32}$/.test(reservationId) && isEntryKind(kind)) return { reservationId, kind };
  throw invalid('after', 'must be the next of the page before');
}

function isEntryKind(value: string): value is LedgerEntryKind {
  return Object.hasOwn(ledgerMoves, value);
}

function reservationOf(taskId: string): string {
  if (isId('tsk', taskId)) return uuidOf(taskId);
  throw invalid('taskId', 'must be a task id: tsk_ and 32 hex digits');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
