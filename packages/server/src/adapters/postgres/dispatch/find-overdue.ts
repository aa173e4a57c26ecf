import type { Statement } from '../statement.ts';
import type { WaitingTaskColumns } from '../nodes/find-waiting-tasks.ts';

/** Queued tasks of every tenant whose deadline has passed, by the database's clock, longest first. */
export function findOverdue(limit: number): Statement<WaitingTaskColumns> {
  return {
    name: 'find-overdue',
    text: `
      select tenant_id, task_id, attempt from colloquy.tasks
      where queue_rank is not null and deadline_at <= colloquy.now_utc() order by deadline_at limit $1`,
    values: [limit],
  };
}
