import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { ResultPlace } from '../../../modules/results/index.ts';
import type { Statement } from '../statement.ts';
import { placeValues } from './result-columns.ts';

const text = `
  update colloquy.skill_results set claimed_until = colloquy.now_utc() + $5 * interval '1 millisecond'
  where tenant_id = $1 and place = $2 and key_hash = $3 and claimed_by = $4
  returning claimed_by`;

/** Holds a claim; no row when it is another's. */
export function renewClaim(place: ResultPlace, taskId: TaskId, claimMs: number): Statement {
  return { name: 'renew-claim', text, values: [...placeValues(place), uuidOf(taskId), claimMs] };
}
