import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { AnswerColumns } from './shared-read.ts';
import { isVisible } from './task-visibility.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** A task that somebody asks for. */
export interface WantedTask extends TaskViewer {
  readonly taskId: TaskId;
}

/** Tasks, each as its owner may see it at the address of its agent, whether that agent still has the name or not. Only the key leads into the table. */
export function findTasks(tenantId: TenantId, wanted: readonly WantedTask[]): Statement<TaskColumns & AnswerColumns> {
  return {
    name: 'find-tasks',
    text: `
      select p.n::int as n, ${taskColumns}
      from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as p (task_id, owner_id, agent_name, n)
      cross join lateral (
        select * from colloquy.tasks t
        where t.tenant_id = $1 and t.task_id = p.task_id
          and ${isVisible('p.owner_id', 'p.agent_name')}
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
