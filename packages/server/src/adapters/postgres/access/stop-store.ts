import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Stop, StopStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findStop } from './find-stop.ts';
import { insertStop } from './insert-stop.ts';
import { liftStop } from './lift-stop.ts';
import { listSuspensions } from './list-stops.ts';
import type { StopRow } from './list-stops.ts';

/** Stops in PostgreSQL, over a pool of the application's role. */
export function createStopStore(pool: DatabasePool): StopStore {
  const rowsOf = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async set(tenantId, stop, entry) {
      const [created] = await rowsOf(tenantId, insertStop(tenantId, stop, entry));
      // A statement of its own, because the first may have waited for the one that was quicker.
      const [row] = created === undefined ? await rowsOf(tenantId, findStop(tenantId, stop)) : [created];
      // Lifted again in this very moment: whoever stops it is told to try once more.
      if (row === undefined) throw new PlatformError('platform.unavailable');
      return stopOf(row);
    },
    async lift(tenantId, target, entry) {
      return (await rowsOf(tenantId, liftStop(tenantId, target, entry))).length === 1;
    },
    async list(tenantId, wanted) {
      return (await rowsOf(tenantId, listSuspensions(tenantId, wanted))).map(stopOf);
    },
  };
}

function stopOf({ kind, name, reason, stopped_by: stoppedBy, stopped_at: stoppedAt }: StopRow): Stop {
  return { kind, name, reason, stoppedBy, stoppedAt };
}
