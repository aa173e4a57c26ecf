import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type {
  DelegationChain,
  InspectedTasksQuery,
  LogRange,
  TaskInspector,
  TaskSummary,
} from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { costColumns, costOf } from '../task-costs.ts';
import type { CostColumns } from '../task-costs.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Tasks as the administrators of their tenant may see them, over a pool of the application's role. */
export function createTaskInspector(pool: DatabasePool): TaskInspector {
  return {
    async list(tenantId, query) {
      const statement = listInspectedTasks(tenantId, query);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      const last = rows.at(-1);
      return {
        tasks: rows.filter((row) => row.is_wanted).map(summaryOf),
        readTo: last?.is_last_read === true ? idOf('tsk', last.task_id) : null,
      };
    },
    async inspect(tenantId, taskId, range) {
      const statement = findInspectedTask(tenantId, taskId, range);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      if (row === undefined) return null;
      return {
        ...summaryOf(row),
        contextId: row.context_id,
        agentId: idOf('agt', row.agent_id),
        attempt: row.attempt,
        workedName: row.worked_name,
        decision: row.decision,
        usage: row.usage,
        chain: row.chain,
        lastSeq: row.last_seq,
        events: row.events.map(({ seq, kind, state, at }) => ({ seq, kind, state, occurredAt: new Date(at) })),
      };
    },
  };
}

export const taskPorts = (pool: DatabasePool) => ({ inspector: createTaskInspector(pool) });

interface TaskSummaryRow extends CostColumns {
  readonly agent_name: string;
  readonly owner_id: string;
  readonly state: string;
  readonly error_code: string | null;
  readonly created_at: Date;
  readonly status_at: Date;
}

interface ListedTaskRow extends TaskSummaryRow {
  /** False for a row that only says how far the tasks were read. */
  readonly is_wanted: boolean;
  readonly is_last_read: boolean;
}

function summaryOf(row: TaskSummaryRow): TaskSummary {
  return {
    taskId: idOf('tsk', row.task_id),
    agentName: row.agent_name,
    ownerId: row.owner_id,
    state: row.state,
    errorCode: row.error_code,
    ...costOf(row),
    createdAt: row.created_at,
    statusAt: row.status_at,
  };
}

const summaryColumns = `t.task_id, a.name as agent_name, t.owner_id, t.state, t.error_code, ${costColumns}, t.created_at, t.status_at`;

/*
 * The page is found along the key of the table before anything is joined; `offset 0` keeps the lookup of each agent by its key. No index has the
 * agent before the task: it would cost every send. So the tasks of some agents are sought among at most $5 tasks of the tenant, and the last of
 * these comes back too. Without such an agent the tasks are not read at all. "(select $5)" hides from the planner how many these are: with
 * outdated statistics it would read and sort every task.
 */
const listText = `
  with page as materialized (
    select * from (
      select read.*, row_number() over (order by read.task_id desc) = $5::int as is_last_read,
        $3::text[] is null
          or agent_id = any (array(select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = any ($3))) as is_wanted
      from (
        select * from colloquy.tasks
        where tenant_id = $1 and task_id < $2
          and ($3::text[] is null or exists (select from colloquy.agents a where a.tenant_id = $1 and a.name = any ($3)))
        order by task_id desc limit (select $5::int)
      ) read
    ) judged
    where is_wanted or is_last_read
    order by task_id desc limit $4
  )
  select ${summaryColumns}, t.is_wanted, t.is_last_read
  from page t cross join lateral (
    select a.name from colloquy.agents a where a.tenant_id = $1 and a.agent_id = t.agent_id offset 0
  ) a
  order by t.task_id desc`;

const highest = 'f'.repeat(32);

/** Tasks of a tenant, of any owner, newest first. */
export function listInspectedTasks(
  tenantId: TenantId,
  { agentNames, after, limit }: InspectedTasksQuery,
): Statement<ListedTaskRow> {
  return {
    name: 'list-inspected-tasks',
    text: listText,
    values: [
      uuidOf(tenantId),
      after === null ? highest : uuidOf(after),
      agentNames,
      limit,
      limits.inspectedTasksReadMax,
    ],
  };
}

interface InspectedTaskRow extends TaskSummaryRow {
  readonly context_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly decision: unknown;
  readonly usage: unknown;
  readonly worked_name: string;
  readonly chain: DelegationChain | null;
  readonly last_seq: number;
  readonly events: readonly {
    readonly seq: number;
    readonly kind: string;
    readonly state: string | null;
    readonly at: string;
  }[];
}

/** Characters of an event within which its state stands: the platform writes it before every text of an agent or caller. */
const stateCharsMax = 2_000;

const eventState = `case when kind in ('task', 'status', 'reply') then
    replace(lower(substring(left(payload, ${stateCharsMax}) from '"state":"TASK_STATE_([A-Z_]+)"')), '_', '-') end as state`;

// One statement, so that the task and its log are of one moment.
const inspectText = `
  select ${summaryColumns}, t.context_id, t.agent_id, t.attempt, t.decision, t.usage, t.chain, t.last_seq,
    coalesce((select s.name from colloquy.agents s where s.tenant_id = $1 and s.agent_id = t.served_by), a.name) as worked_name,
    coalesce((
      select json_agg(json_build_object('seq', e.seq, 'kind', e.kind, 'state', e.state, 'at', e.occurred_at) order by e.seq)
      from (
        select seq, kind, ${eventState}, occurred_at from colloquy.task_events
        where tenant_id = $1 and task_id = $2 and seq > $3
        order by seq limit $4
      ) e
    ), '[]') as events
  from colloquy.tasks t
  join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
  where t.tenant_id = $1 and t.task_id = $2`;

/** A task of a tenant, of any owner, with a part of its log but none of its content. */
export function findInspectedTask(tenantId: TenantId, taskId: TaskId, range: LogRange): Statement<InspectedTaskRow> {
  return {
    name: 'find-inspected-task',
    text: inspectText,
    values: [uuidOf(tenantId), uuidOf(taskId), range.afterSeq, range.limit],
  };
}
