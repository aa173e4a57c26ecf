import { uuidOf } from '../../../kernel/ids.ts';
import type { BreakerStore, BreakerSubject } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { statusOf } from './breaker-columns.ts';
import { claimProbe } from './claim-probe.ts';
import { listBreakers } from './list-breakers.ts';
import { noteAnswer } from './note-answer.ts';
import { noteFaults } from './note-faults.ts';

/** Breakers in PostgreSQL. `workers` sees those of every tenant; what changes one is done as its tenant, by `tenants`. */
export function createBreakerStore(workers: DatabasePool, tenants: DatabasePool): BreakerStore {
  const change = async <Row>({ tenantId }: BreakerSubject, statement: Statement<Row>): Promise<readonly Row[]> => {
    const options = { tenantIds: [uuidOf(tenantId)] };
    const [{ rows }] = await whenAvailable(inTransaction(tenants, options, [statement]));
    return rows;
  };
  return {
    async noteFaults(note) {
      const [row] = await change(note, noteFaults(note));
      return row === undefined ? null : statusOf(row);
    },
    async noteAnswer(subject, isProbe) {
      await change(subject, noteAnswer(subject, isProbe));
    },
    async claimProbe(subject) {
      return (await change(subject, claimProbe(subject))).length === 1;
    },
    async list() {
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [listBreakers()]));
      return rows.map(statusOf);
    },
  };
}
