/** Counts ended tasks of a database, a few entries in each transaction, until it is killed. Its argument is the address of the database. */
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createSlaCounter } from '../src/adapters/postgres/sla/sla-counter.ts';
import { countEndedTasks } from '../src/modules/sla/index.ts';

const pool = createPool({
  url: process.argv[2] ?? '',
  role: 'colloquy_worker',
  connectionsMax: 1,
  applicationName: 'sla-counting-process',
  // The test that kills it may keep it waiting first, for as long as that takes.
  lockTimeoutMs: 60_000,
  statementTimeoutMs: 60_000,
});
const count = countEndedTasks({ counter: createSlaCounter(pool, { slaCountTenantsMax: 1, slaCountEntriesMax: 5 }) });
for (;;) await count();
