import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { RoutedTasks } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** The agents of the router's tasks, from the rows of the tasks. */
export function createRoutedTasks(pool: DatabasePool): RoutedTasks {
  return {
    async findAgent(tenantId, ownerId, taskId) {
      const statement = findRoutedAgent(tenantId, ownerId, taskId);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return rows[0]?.agent_name ?? null;
    },
  };
}

/** The agent of a task that its owner sent to the router. The condition differs from the router's list index on purpose: the task is found by its key. */
export function findRoutedAgent(
  tenantId: TenantId,
  ownerId: string,
  taskId: TaskId,
): Statement<{ readonly agent_name: string }> {
  return {
    name: 'find-routed-agent',
    text: `
      select a.name as agent_name from colloquy.tasks t
      join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
      where t.tenant_id = $1 and t.task_id = $3 and t.owner_id is not distinct from $2 and (t.decision -> 'router') is not null`,
    values: [uuidOf(tenantId), ownerId, uuidOf(taskId)],
  };
}
