import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type {
  ClaimOutcome,
  ResultLookup,
  ResultPlace,
  ResultStore,
  ResultTimes,
  StoredResult,
} from '../../../modules/results/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';

/** Results in PostgreSQL, over a pool of the application's role. */
export function createResultStore(pool: DatabasePool): ResultStore {
  const change = async (tenantId: TenantId, statement: Statement): Promise<StatementResult<unknown>> =>
    (await inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]))[0];
  return {
    find: async (place) => lookupOf((await readInTenant(pool, uuidOf(place.tenantId), findResult(place))).rows[0]),
    claim: async (place, taskId, claimMs) => claimed(pool, place, claimResult(place, taskId, claimMs)),
    renew: async (place, taskId, claimMs) =>
      (await change(place.tenantId, renewClaim(place, taskId, claimMs))).rows.length === 1,
    fill: async (place, taskId, result, times) =>
      (await change(place.tenantId, fillResult(place, taskId, result, times))).rows.length === 1,
    release: async (place, taskId) => void (await change(place.tenantId, releaseClaim(place, taskId))),
  };
}

/** Claims the place, or resolves with what is there. The second statement of the transaction sees the row that blocked the claim. */
async function claimed(pool: DatabasePool, place: ResultPlace, claim: Statement): Promise<ClaimOutcome> {
  const options = { tenantIds: [uuidOf(place.tenantId)] };
  const [taken, seen] = await inTransaction(pool, options, [claim, findResult(place)]);
  return taken.rows.length === 1 ? { kind: 'claimed' } : lookupOf(seen.rows[0]);
}

/** The state of a place now. */
interface ResultRow {
  readonly kind: 'fresh' | 'stale' | 'under-way' | 'vacant';
  readonly result: string | null;
  readonly stored_at: Date | null;
}

/** The state of a row `r` of the requested key now. A stale result is returned only while another task fetches a new one. */
const resultColumns = `case
    when r.fresh_until > colloquy.now_utc() then 'fresh'
    when r.claimed_until > colloquy.now_utc() then case when r.stale_until > colloquy.now_utc() then 'stale' else 'under-way' end
    else 'vacant' end as kind, r.result, r.stored_at`;

function lookupOf(row: ResultRow | undefined): ResultLookup {
  if (row === undefined || row.kind === 'vacant') return { kind: 'vacant' };
  if (row.kind === 'under-way' || row.result === null || row.stored_at === null) return { kind: 'under-way' };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- encoded by this platform from decoded answers
  const result = JSON.parse(row.result) as StoredResult;
  return { kind: 'found', found: { result, storedAtMs: row.stored_at.getTime(), isStale: row.kind === 'stale' } };
}

/** Tenant ($1), place ($2) and key ($3). */
function placeValues({ tenantId, keyHash }: ResultPlace): readonly [string, number, string] {
  return [uuidOf(tenantId), Number.parseInt(keyHash.slice(0, 8), 16) % limits.resultsPerTenantMax, keyHash];
}

const findResultText = `
  select ${resultColumns} from colloquy.skill_results r
  where r.tenant_id = $1 and r.place = $2 and r.key_hash = $3`;

/** The result of a key; no row when another key has its place. */
function findResult(place: ResultPlace): Statement<ResultRow> {
  return { name: 'find-result', text: findResultText, values: placeValues(place) };
}

const claimResultText = `
  insert into colloquy.skill_results as r (tenant_id, place, key_hash, agent_name, skill_id, claimed_by, claimed_until)
  values ($1, $2, $3, $4, $5, $6, colloquy.now_utc() + $7 * interval '1 millisecond')
  on conflict (tenant_id, place) do update set
    key_hash = excluded.key_hash, agent_name = excluded.agent_name, skill_id = excluded.skill_id,
    -- The stale result of the same key stays readable while the new one is fetched.
    result = case when r.key_hash = excluded.key_hash then r.result end,
    stored_at = case when r.key_hash = excluded.key_hash then r.stored_at end,
    fresh_until = case when r.key_hash = excluded.key_hash then r.fresh_until end,
    stale_until = case when r.key_hash = excluded.key_hash then r.stale_until end,
    claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
  where (r.key_hash <> excluded.key_hash or r.fresh_until is null or r.fresh_until <= colloquy.now_utc())
    and (r.claimed_by is null or r.claimed_by = excluded.claimed_by or r.claimed_until <= colloquy.now_utc())
  returning claimed_by`;

/** Gives the place to a task that will fetch the result; no row when a fresh result is there or another task holds the claim. */
function claimResult(place: ResultPlace, taskId: TaskId, claimMs: number): Statement {
  const values = [...placeValues(place), place.agentName, place.skillId, uuidOf(taskId), claimMs];
  return { name: 'claim-result', text: claimResultText, values };
}

const renewClaimText = `
  update colloquy.skill_results set claimed_until = colloquy.now_utc() + $5 * interval '1 millisecond'
  where tenant_id = $1 and place = $2 and key_hash = $3 and claimed_by = $4
  returning claimed_by`;

/** Extends a claim; no row when another task holds it. */
function renewClaim(place: ResultPlace, taskId: TaskId, claimMs: number): Statement {
  return { name: 'renew-claim', text: renewClaimText, values: [...placeValues(place), uuidOf(taskId), claimMs] };
}

const fillResultText = `
  update colloquy.skill_results set result = $5, stored_at = colloquy.now_utc(), claimed_by = null, claimed_until = null,
    fresh_until = colloquy.now_utc() + $6 * interval '1 millisecond',
    stale_until = colloquy.now_utc() + ($6 + $7) * interval '1 millisecond'
  where tenant_id = $1 and place = $2 and key_hash = $3 and claimed_by = $4
  returning key_hash`;

/** Stores the result and ends the claim; no row when another task holds the claim or the place was purged. */
function fillResult(
  place: ResultPlace,
  taskId: TaskId,
  result: StoredResult,
  { ttlMs, staleMs }: ResultTimes,
): Statement {
  const values = [...placeValues(place), uuidOf(taskId), JSON.stringify(result), ttlMs, staleMs];
  return { name: 'fill-result', text: fillResultText, values };
}

const releaseClaimText = `
  update colloquy.skill_results set claimed_by = null, claimed_until = null
  where tenant_id = $1 and place = $2 and key_hash = $3 and claimed_by = $4`;

/** Ends a claim without a result. */
function releaseClaim(place: ResultPlace, taskId: TaskId): Statement {
  return { name: 'release-claim', text: releaseClaimText, values: [...placeValues(place), uuidOf(taskId)] };
}
