import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Suspension, SuspensionStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findSuspension } from './find-suspension.ts';
import { insertSuspension } from './insert-suspension.ts';
import { liftSuspension } from './lift-suspension.ts';
import { listSuspensions } from './list-suspensions.ts';
import type { SuspensionRow } from './list-suspensions.ts';

/** Stops in PostgreSQL, over a pool of the application's role. */
export function createSuspensionStore(pool: DatabasePool): SuspensionStore {
  const rowsOf = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async set(tenantId, suspension, entry) {
      const [created] = await rowsOf(tenantId, insertSuspension(tenantId, suspension, entry));
      // A statement of its own, because the first may have waited for the one that was quicker.
      const [row] = created === undefined ? await rowsOf(tenantId, findSuspension(tenantId, suspension)) : [created];
      // Lifted again in this very moment: whoever stops it is told to try once more.
      if (row === undefined) throw new PlatformError('platform.unavailable');
      return suspensionOf(row);
    },
    async lift(tenantId, target, entry) {
      return (await rowsOf(tenantId, liftSuspension(tenantId, target, entry))).length === 1;
    },
    async list(tenantId, wanted) {
      return (await rowsOf(tenantId, listSuspensions(tenantId, wanted))).map(suspensionOf);
    },
  };
}

function suspensionOf({
  kind,
  name,
  reason,
  stopped_by: suspendedBy,
  stopped_at: suspendedAt,
}: SuspensionRow): Suspension {
  return { kind, name, reason, suspendedBy, suspendedAt };
}
