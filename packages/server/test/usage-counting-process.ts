/** Counts usage of a database, a few entries in each transaction, until it is killed. Its argument is the address of the database. */
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createUsageCounter } from '../src/adapters/postgres/usage/usage-counter.ts';

const pool = createPool({
  url: process.argv[2] ?? '',
  role: 'colloquy_worker',
  connectionsMax: 1,
  applicationName: 'usage-counting-process',
  // The test that kills it may keep it waiting first, for as long as that takes.
  lockTimeoutMs: 60_000,
  statementTimeoutMs: 60_000,
});
const counter = createUsageCounter(pool);
for (;;) await counter.count({ tenantsMax: 1, entriesMax: 5 });
