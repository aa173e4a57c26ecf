import { uuidOf } from '../../../kernel/ids.ts';
import type { RoutedTasks } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findRoutedAgent } from './find-routed-agent.ts';

/** Where the tasks of the router are, as the tasks' own rows tell. */
export function createRoutedTasks(pool: DatabasePool): RoutedTasks {
  return {
    async findAgent(tenantId, ownerId, taskId) {
      const statement = findRoutedAgent(tenantId, ownerId, taskId);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return rows[0]?.agent_name ?? null;
    },
  };
}
