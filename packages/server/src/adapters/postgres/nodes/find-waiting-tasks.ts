import type { Statement } from '../statement.ts';

export interface WaitingTaskColumns {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly attempt: number;
}

/** Tasks that have waited for their callers for longer than `waitedMs`, by the database's clock, of every tenant, longest first. */
export function findWaitingTasks(waitedMs: number, limit: number): Statement<WaitingTaskColumns> {
  return {
    name: 'find-waiting-tasks',
    text: `
      select tenant_id, task_id, attempt from colloquy.tasks
      where waiting_since < colloquy.now_utc() - $1 * interval '1 millisecond' order by waiting_since limit $2`,
    values: [waitedMs, limit],
  };
}
