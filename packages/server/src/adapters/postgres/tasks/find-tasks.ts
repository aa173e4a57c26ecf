import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { TaskRow, TaskViewer } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { AnswerColumns } from './shared-read.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** A task that a caller asks for. */
interface WantedTask extends TaskViewer {
  readonly taskId: TaskId;
}

/** Tasks by id, each visible to its owner at the address that it was sent to, even when its agent has left that name. Only the key leads into the table. */
export function findTasks(tenantId: TenantId, wanted: readonly WantedTask[]): Statement<TaskColumns & AnswerColumns> {
  return {
    name: 'find-tasks',
    text: `
      select p.n::int as n, ${taskColumns}
      from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as p (task_id, owner_id, agent_name, n)
      cross join lateral (
        select * from colloquy.tasks t
        where t.tenant_id = $1 and t.task_id = p.task_id
          -- Visible to its owner, at the address it was sent to. Neither condition leads a plan into an index: the key finds the task.
          and t.owner_id is not distinct from p.owner_id
          and (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = p.agent_name
        limit 1
      ) t`,
    values: [
      uuidOf(tenantId),
      plainArray(wanted.map(({ taskId }) => uuidOf(taskId))),
      wanted.map(({ ownerId }) => ownerId),
      wanted.map(({ agentName }) => agentName),
    ],
  };
}

/** A task of a tenant, of any owner. */
interface TaskOfTenant {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
}

/** Tasks for the node that continues them, of any owner. Only the key leads into the table. */
export function findTasksForWork(
  tenantId: TenantId,
  wanted: readonly TaskOfTenant[],
): Statement<TaskColumns & AnswerColumns> {
  return {
    name: 'find-tasks-for-work',
    text: `
      select p.n::int as n, ${taskColumns}
      from unnest($2::uuid[]) with ordinality as p (task_id, n)
      cross join lateral (
        select * from colloquy.tasks t where t.tenant_id = $1 and t.task_id = p.task_id limit 1
      ) t`,
    values: [uuidOf(tenantId), plainArray(wanted.map(({ taskId }) => uuidOf(taskId)))],
  };
}

/** The agent's own ids of some tasks of one owner at it. Only the key leads into the table. */
export function findUpstreamIds(
  { tenantId, ownerId, agentId }: Pick<TaskRow, 'tenantId' | 'ownerId' | 'agentId'>,
  taskIds: readonly TaskId[],
): Statement<{ readonly task_id: string; readonly upstream_task_id: string }> {
  return {
    name: 'find-upstream-ids',
    text: `
      select t.task_id, t.upstream_task_id from colloquy.tasks t
      where t.tenant_id = $1 and t.task_id = any ($2::uuid[]) and t.owner_id is not distinct from $3
        and coalesce(t.served_by, t.agent_id) is not distinct from $4 and t.upstream_task_id is not null`,
    values: [uuidOf(tenantId), taskIds.map(uuidOf), ownerId, uuidOf(agentId)],
  };
}
