import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { DeadLetter, DeadLetterQuery, DeadLetterReason, DeadLetterStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Dead-lettered tasks as the administrators of their tenant see them, over a pool of the application's role. */
export function createDeadLetterStore(pool: DatabasePool): DeadLetterStore {
  return {
    async list(tenantId, query) {
      const statement = listDeadLetters(tenantId, query);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(deadLetterOf);
    },
    async find(tenantId, taskId) {
      const statement = findDeadLetter(tenantId, taskId);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      if (row === undefined) return null;
      return { ...deadLetterOf(row), laterMessages: row.turns, isSenderSuspended: row.is_sender_stopped };
    },
  };
}

/** The reason of a dead-lettered task, from its error code. */
const reasonOfCode = `case error_code when 'task.deadline-passed' then 'deadline-passed' when 'task.given-up' then 'poisoned'
  else 'tries-used' end`;

const deadLetterColumns = `t.task_id, a.name as agent_name, t.owner_id, ${reasonOfCode} as reason, t.error_code,
  coalesce(t.tries, t.attempt)::int as tries, t.created_at, t.dead_at, r.task_id as replayed_as`;

/** The task of a replay is named by the id of the dead-lettered task. */
const deadLetterJoins = `
  join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
  left join colloquy.task_aliases r on r.tenant_id = t.tenant_id and r.alias_hash = t.task_id`;

interface DeadLetterRow {
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

function deadLetterOf(row: DeadLetterRow): DeadLetter {
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

interface FoundDeadLetterRow extends DeadLetterRow {
  readonly turns: number;
  readonly is_sender_stopped: boolean;
}

/** One dead-lettered task of a tenant, the number of its further messages, and whether its sender is suspended. */
function findDeadLetter(tenantId: TenantId, taskId: TaskId): Statement<FoundDeadLetterRow> {
  return {
    name: 'find-dead-letter',
    text: `
      select ${deadLetterColumns}, (select count(*)::int from colloquy.task_events e
        where e.tenant_id = t.tenant_id and e.task_id = t.task_id and e.kind = 'turn') as turns,
        exists (select from colloquy.stops x where x.tenant_id = t.tenant_id and x.kind = 'principal' and x.name = t.owner_id
          and x.resumed_at is null) as is_sender_stopped
      from colloquy.tasks t ${deadLetterJoins}
      where t.tenant_id = $1 and t.task_id = $2 and t.dead_at is not null`,
    values: [uuidOf(tenantId), uuidOf(taskId)],
  };
}

// The page is found in the index alone, which holds all that is asked for.
const text = `
  with page as materialized (
    select task_id from colloquy.tasks
    where tenant_id = $1 and dead_at is not null and task_id > $2
      and ($3::text is null or agent_id = any (array(select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3)))
      and ($4::text is null or ${reasonOfCode} = $4)
    order by task_id limit $5
  )
  select ${deadLetterColumns}
  from page p join colloquy.tasks t on t.tenant_id = $1 and t.task_id = p.task_id ${deadLetterJoins}
  order by t.task_id`;

const lowest = '00000000-0000-0000-0000-000000000000';

/** The dead-lettered tasks of a tenant after one of them, oldest first. */
function listDeadLetters(
  tenantId: TenantId,
  { agentName, reason, after, limit }: DeadLetterQuery,
): Statement<DeadLetterRow> {
  return {
    name: 'list-dead-letters',
    text,
    values: [uuidOf(tenantId), after === null ? lowest : uuidOf(after), agentName, reason, limit],
  };
}
