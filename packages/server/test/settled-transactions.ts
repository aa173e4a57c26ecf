import { eventually } from '@colloquy/testkit';

/**
 * Waits until a sealer may take all that is committed by now. A place in the chain waits for every transaction that began before the
 * entry's own, in any database of the server, and other test files have theirs there.
 * @param rows Runs a query as a superuser of the database that is to be sealed.
 */
export async function settledTransactions(
  rows: (sql: string, ...values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>,
): Promise<void> {
  const [now] = await rows('select pg_current_xact_id()::text as xid');
  await eventually(
    'no older transaction is open',
    async () => {
      const [row] = await rows(
        'select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 as "isBehind"',
        now?.['xid'],
      );
      return row?.['isBehind'] === true;
    },
    60_000,
  );
}
