import type { Statement } from '../statement.ts';
import type { WaitingTaskColumns } from './find-waiting-tasks.ts';

/**
 * Claims the checks that are due, of every tenant, and schedules the next check of each task after the time that the task has waited, within the
 * bounds. So the interval doubles each time. A check whose node dies is merely missed.
 */
export function claimAccessChecks(
  pauseMs: { readonly min: number; readonly max: number },
  limit: number,
): Statement<WaitingTaskColumns> {
  return {
    name: 'claim-looks',
    text: `
      with due as (
        select t.tenant_id, t.task_id from colloquy.tasks t
        where t.next_look_at <= colloquy.now_utc() order by t.next_look_at limit $3 for update skip locked
      )
      update colloquy.tasks t
      set next_look_at = colloquy.now_utc() + greatest($1 * interval '1 millisecond',
        least($2 * interval '1 millisecond', colloquy.now_utc() - t.waiting_since))
      from due d where t.tenant_id = d.tenant_id and t.task_id = d.task_id
      returning t.tenant_id, t.task_id, t.attempt`,
    values: [pauseMs.min, pauseMs.max, limit],
  };
}
