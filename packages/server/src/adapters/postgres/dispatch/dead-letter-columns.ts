import { idOf } from '../../../kernel/ids.ts';
import type { DeadLetter, DeadLetterReason } from '../../../modules/tasks/index.ts';

/** Why a task was given up, as its error code tells. */
export const reasonOfCode = `case error_code when 'task.deadline-passed' then 'deadline-passed' when 'task.given-up' then 'poisoned'
  else 'tries-used' end`;

export const deadLetterColumns = `t.task_id, a.name as agent_name, t.owner_id, ${reasonOfCode} as reason, t.error_code,
  coalesce(t.tries, t.attempt)::int as tries, t.created_at, t.dead_at, r.task_id as replayed_as`;

/** A replay is known by the id of the letter that it repeats, as a name of its own task. */
export const deadLetterJoins = `
  join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
  left join colloquy.task_aliases r on r.tenant_id = t.tenant_id and r.alias_hash = t.task_id`;

export interface DeadLetterRow {
  readonly task_id: string;
  readonly agent_name: string;
  readonly owner_id: string;
  readonly reason: DeadLetterReason;
  readonly error_code: string;
  readonly tries: number;
  readonly created_at: Date;
  readonly dead_at: Date;
  readonly replayed_as: string | null;
}

export function deadLetterOf(row: DeadLetterRow): DeadLetter {
  return {
    taskId: idOf('tsk', row.task_id),
    agentName: row.agent_name,
    ownerId: row.owner_id,
    reason: row.reason,
    errorCode: row.error_code,
    tries: row.tries,
    sentAt: row.created_at,
    deadAt: row.dead_at,
    replayedAs: row.replayed_as === null ? null : idOf('tsk', row.replayed_as),
  };
}
