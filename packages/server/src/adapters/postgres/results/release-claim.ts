import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { ResultPlace } from '../../../modules/results/index.ts';
import type { Statement } from '../statement.ts';
import { placeValues } from './result-columns.ts';

const text = `
  update colloquy.skill_results set claimed_by = null, claimed_until = null
  where tenant_id = $1 and place = $2 and key_hash = $3 and claimed_by = $4`;

/** Ends a claim without a result. */
export function releaseClaim(place: ResultPlace, taskId: TaskId): Statement {
  return { name: 'release-claim', text, values: [...placeValues(place), uuidOf(taskId)] };
}
