import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { RetentionStore } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { findAuditRetention } from './find-audit-retention.ts';
import { pruneAudit } from './prune-audit.ts';
import { setAuditRetention } from './set-audit-retention.ts';

/** How long tenants keep their entries, in PostgreSQL, over a pool of the application's role. */
export function createRetentionStore(pool: DatabasePool): RetentionStore {
  return {
    async find(tenantId) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), findAuditRetention(tenantId)));
      return { keepDays: rows[0]?.keep_days ?? null, prunedSeq: Number(rows[0]?.pruned_seq ?? 0) };
    },
    async set(keepDays, entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      await untilKnown(() => inTransaction(pool, options, [setAuditRetention(keepDays, entry)]));
    },
    async prune(exported, entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      const statement = pruneAudit(exported, limits.auditPruneEntriesMax, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, options, [statement]));
      const [row] = rows;
      if (row === undefined || !row.is_exported) return null;
      return { throughSeq: Number(row.pruned_through), entries: Number(row.pruned), isDone: row.is_done };
    },
  };
}
