import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { ledgerMoves } from './credit-ledger.ts';
import type { CreditBalance, LedgerEntryKind } from './credit-ledger.ts';
import { balanceOfTotals } from './credit-ledger-rules.ts';
import type { LedgerTotals } from './credit-ledger-rules.ts';

/** The entries of one kind in a month. */
export interface StatementLine {
  readonly kind: LedgerEntryKind;
  readonly entries: bigint;
  readonly amountMicrocredits: bigint;
}

/** What moved the credits of a tenant in one month of UTC. The closing balance of a month is the opening balance of the next. */
export interface CreditStatement {
  readonly from: Date;
  readonly to: Date;
  /** Whether no more entries of the month will come. */
  readonly isFinal: boolean;
  readonly opening: CreditBalance;
  /** One of each kind, also without entries. */
  readonly lines: readonly StatementLine[];
  readonly closing: CreditBalance;
}

/** Sums of the ledger. Every method rejects with `platform.unavailable` while the database is away. */
export interface CreditStatementStore {
  /** The sums of the entries before each of two times, both as of one moment. */
  readTotals(tenantId: TenantId, from: Date, to: Date): Promise<TotalsBetween>;
}

export interface TotalsBetween {
  readonly asOf: Date;
  readonly before: LedgerTotals;
  readonly until: LedgerTotals;
}

const monthShape = /^(2\d{3})-(0[1-9]|1[0-2])$/;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a closed table
const kinds = Object.keys(ledgerMoves) as LedgerEntryKind[];

/** The statement of the caller's tenant for a month such as `2026-11`. Throws `request.invalid` for any other text. */
export function readCreditStatement({ statements }: { readonly statements: CreditStatementStore }) {
  return async (caller: Caller, month: string): Promise<CreditStatement> => {
    const { from, to } = monthOf(month);
    const { asOf, before, until } = await statements.readTotals(caller.tenant.id, from, to);
    return {
      from,
      to,
      isFinal: asOf.getTime() >= to.getTime() + limits.creditCheckpointAfterMs,
      opening: balanceOfTotals(before),
      lines: kinds.map((kind) => ({
        kind,
        entries: (until[kind]?.entries ?? 0n) - (before[kind]?.entries ?? 0n),
        amountMicrocredits: (until[kind]?.amountMicrocredits ?? 0n) - (before[kind]?.amountMicrocredits ?? 0n),
      })),
      closing: balanceOfTotals(until),
    };
  };
}

function monthOf(text: string): { from: Date; to: Date } {
  const [, year, month] = monthShape.exec(text) ?? [];
  if (year === undefined || month === undefined) {
    const violations = [{ field: 'month', description: 'must be a month such as 2026-11' }];
    throw new PlatformError('request.invalid', { violations });
  }
  return {
    from: new Date(Date.UTC(Number(year), Number(month) - 1)),
    to: new Date(Date.UTC(Number(year), Number(month))),
  };
}
