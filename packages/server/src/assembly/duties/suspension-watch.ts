import { createStoppedWorkStore } from '../../adapters/postgres/nodes/stopped-work-store.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { StopWatch } from '../../modules/gateway/index.ts';
import type { StopWatchPorts } from '../../modules/gateway/index.ts';
import type { RouteCache } from '../../modules/routing/index.ts';
import type { Database } from '../database.ts';

interface StopWatchParts {
  readonly database: Database;
  /** Rights changed in these tenants. */
  readonly onAccess?: (tenants: ReadonlySet<TenantId | null>) => void;
}

/** What this node does about stops, whether it hears of them or finds them. */
export function createStopWatch(
  { database, onAccess }: StopWatchParts,
  routes: RouteCache,
  ports: Omit<StopWatchPorts, 'stopped' | 'onFound'>,
): StopWatch {
  return new StopWatch({
    ...ports,
    stopped: createStoppedWorkStore(database.workers, database.readers),
    onFound: (tenantId) => {
      onAccess?.(new Set([tenantId]));
      // A stopped agent has no route.
      routes.forget(tenantId);
    },
  });
}
