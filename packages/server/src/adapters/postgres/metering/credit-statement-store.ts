import { uuidOf } from '../../../kernel/ids.ts';
import type { CreditStatementStore } from '../../../modules/metering/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { totalsBefore, totalsOf } from './ledger-totals.ts';
import type { TotalsJson } from './ledger-totals.ts';

/** Sums of the ledger in PostgreSQL, over a pool of the application's role. */
export function createCreditStatementStore(pool: DatabasePool): CreditStatementStore {
  return {
    async readTotals(tenantId, from, to) {
      const statement: Statement<TotalsRow> = {
        name: 'read-ledger-totals',
        text: readText,
        values: [uuidOf(tenantId), from, to],
      };
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      const [row] = rows;
      if (row === undefined) throw new Error('The sums of a ledger have no row.');
      return { asOf: row.as_of, before: totalsOf(row.before), until: totalsOf(row.until) };
    },
  };
}

export const creditStatementPorts = (pool: DatabasePool) => ({ statements: createCreditStatementStore(pool) });

interface TotalsRow {
  readonly as_of: Date;
  readonly before: TotalsJson;
  readonly until: TotalsJson;
}

const readText = `
  select colloquy.now_utc() as as_of, ${totalsBefore('$2::timestamptz')} as before, ${totalsBefore('$3::timestamptz')} as until`;
