import { uuidOf } from '../../../kernel/ids.ts';
import type { WaitingPlace } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

export interface WaitingTaskColumns {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly attempt: number;
}

export interface PlacedTaskColumns extends WaitingTaskColumns {
  /** As the database writes the time, to the microsecond. */
  readonly since: string;
}

/**
 * Tasks that have waited for their callers for longer than `waitedMs`, by the database's clock, of every tenant, longest first, from a
 * place on.
 */
export function findWaitingTasks(
  waitedMs: number,
  limit: number,
  after: WaitingPlace | null,
): Statement<PlacedTaskColumns> {
  return {
    name: 'find-waiting-tasks',
    text: `
      select tenant_id, task_id, attempt, waiting_since::text as since from colloquy.tasks
      where waiting_since < colloquy.now_utc() - $1 * interval '1 millisecond' and (waiting_since, task_id) > ($3::timestamptz, $4::uuid)
      order by waiting_since, task_id limit $2`,
    values: [waitedMs, limit, ...placeValues(after)],
  };
}

/** The two values of a place; for none, what is before every one. */
export function placeValues(after: WaitingPlace | null): readonly [string, string] {
  return after === null ? ['-infinity', '00000000-0000-0000-0000-000000000000'] : [after.since, uuidOf(after.taskId)];
}
