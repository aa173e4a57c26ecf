import type { ResultPlace } from '../../../modules/results/index.ts';
import type { Statement } from '../statement.ts';
import { lookColumns, placeValues } from './result-columns.ts';
import type { ResultRow } from './result-columns.ts';

const text = `
  select ${lookColumns} from colloquy.skill_results r
  where r.tenant_id = $1 and r.place = $2 and r.key_hash = $3`;

/** The result of a key, as far as there is one; no row when another key has its place. */
export function findResult(place: ResultPlace): Statement<ResultRow> {
  return { name: 'find-result', text, values: placeValues(place) };
}
