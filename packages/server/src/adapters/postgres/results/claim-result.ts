import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { ResultPlace } from '../../../modules/results/index.ts';
import type { Statement } from '../statement.ts';
import { placeValues } from './result-columns.ts';

const text = `
  insert into colloquy.skill_results as r (tenant_id, place, key_hash, agent_name, skill_id, claimed_by, claimed_until)
  values ($1, $2, $3, $4, $5, $6, colloquy.now_utc() + $7 * interval '1 millisecond')
  on conflict (tenant_id, place) do update set
    key_hash = excluded.key_hash, agent_name = excluded.agent_name, skill_id = excluded.skill_id,
    -- The stale result of the same key is given while the new one is fetched.
    result = case when r.key_hash = excluded.key_hash then r.result end,
    stored_at = case when r.key_hash = excluded.key_hash then r.stored_at end,
    fresh_until = case when r.key_hash = excluded.key_hash then r.fresh_until end,
    stale_until = case when r.key_hash = excluded.key_hash then r.stale_until end,
    claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
  where (r.key_hash <> excluded.key_hash or r.fresh_until is null or r.fresh_until <= colloquy.now_utc())
    and (r.claimed_by is null or r.claimed_by = excluded.claimed_by or r.claimed_until <= colloquy.now_utc())
  returning claimed_by`;

/** Gives the place to a task that fetches the result; no row when there is a fresh one, or another task holds the place. */
export function claimResult(place: ResultPlace, taskId: TaskId, claimMs: number): Statement {
  const values = [...placeValues(place), place.agentName, place.skillId, uuidOf(taskId), claimMs];
  return { name: 'claim-result', text, values };
}
