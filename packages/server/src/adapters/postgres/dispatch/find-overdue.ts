import type { WaitingPlace } from '../../../modules/tasks/index.ts';
import { placeValues } from '../nodes/find-waiting-tasks.ts';
import type { PlacedTaskColumns } from '../nodes/find-waiting-tasks.ts';
import type { Statement } from '../statement.ts';

/** Queued tasks of every tenant whose deadline has passed, by the database's clock, longest first, from a place on. */
export function findOverdue(limit: number, after: WaitingPlace | null): Statement<PlacedTaskColumns> {
  return {
    name: 'find-overdue',
    text: `
      select tenant_id, task_id, attempt, deadline_at::text as since from colloquy.tasks
      where queue_rank is not null and deadline_at <= colloquy.now_utc() and (deadline_at, task_id) > ($2::timestamptz, $3::uuid)
      order by deadline_at, task_id limit $1`,
    values: [limit, ...placeValues(after)],
  };
}
