import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ClaimOutcome, ResultPlace, ResultStore } from '../../../modules/results/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { claimResult } from './claim-result.ts';
import { fillResult } from './fill-result.ts';
import { findResult } from './find-result.ts';
import { releaseClaim } from './release-claim.ts';
import { renewClaim } from './renew-claim.ts';
import { lookOf } from './result-columns.ts';

/** Results in PostgreSQL, over a pool of the application's role. */
export function createResultStore(pool: DatabasePool): ResultStore {
  const change = async (tenantId: TenantId, statement: Statement): Promise<StatementResult<unknown>> =>
    (await inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]))[0];
  return {
    find: async (place) => lookOf((await readInTenant(pool, uuidOf(place.tenantId), findResult(place))).rows[0]),
    claim: async (place, taskId, claimMs) => claimed(pool, place, claimResult(place, taskId, claimMs)),
    renew: async (place, taskId, claimMs) =>
      (await change(place.tenantId, renewClaim(place, taskId, claimMs))).rows.length === 1,
    fill: async (place, taskId, result, times) =>
      (await change(place.tenantId, fillResult(place, taskId, result, times))).rows.length === 1,
    release: async (place, taskId) => void (await change(place.tenantId, releaseClaim(place, taskId))),
  };
}

/** Who did not get the claim is told what is there instead; read in the same transaction, by a statement that sees what the first one met. */
async function claimed(pool: DatabasePool, place: ResultPlace, claim: Statement): Promise<ClaimOutcome> {
  const options = { tenantIds: [uuidOf(place.tenantId)] };
  const [taken, seen] = await inTransaction(pool, options, [claim, findResult(place)]);
  return taken.rows.length === 1 ? { kind: 'claimed' } : lookOf(seen.rows[0]);
}
