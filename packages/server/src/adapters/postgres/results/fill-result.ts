import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { ResultPlace, ResultTimes, StoredResult } from '../../../modules/results/index.ts';
import type { Statement } from '../statement.ts';
import { placeValues } from './result-columns.ts';

const text = `
  update colloquy.skill_results set result = $5, stored_at = colloquy.now_utc(), claimed_by = null, claimed_until = null,
    fresh_until = colloquy.now_utc() + $6 * interval '1 millisecond',
    stale_until = colloquy.now_utc() + ($6 + $7) * interval '1 millisecond'
  where tenant_id = $1 and place = $2 and key_hash = $3 and claimed_by = $4
  returning key_hash`;

/** Ends a claim with its result; no row when the claim is another's, or was purged. */
export function fillResult(
  place: ResultPlace,
  taskId: TaskId,
  result: StoredResult,
  { ttlMs, staleMs }: ResultTimes,
): Statement {
  const values = [...placeValues(place), uuidOf(taskId), JSON.stringify(result), ttlMs, staleMs];
  return { name: 'fill-result', text, values };
}
