import { createSuspendedWorkStore } from '../../adapters/postgres/nodes/suspended-work-store.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { SuspensionWatch } from '../../modules/gateway/index.ts';
import type { SuspensionWatchPorts } from '../../modules/gateway/index.ts';
import type { RouteCache } from '../../modules/routing/index.ts';
import type { Database } from '../database.ts';

interface SuspensionWatchParts {
  readonly database: Database;
  /** Rights changed in these tenants. */
  readonly onAccess?: (tenants: ReadonlySet<TenantId | null>) => void;
}

/** What this node does about stops, whether it hears of them or finds them. */
export function createSuspensionWatch(
  { database, onAccess }: SuspensionWatchParts,
  routes: RouteCache,
  ports: Omit<SuspensionWatchPorts, 'stopped' | 'onFound'>,
): SuspensionWatch {
  return new SuspensionWatch({
    ...ports,
    stopped: createSuspendedWorkStore(database.workers, database.readers),
    onFound: (tenantId) => {
      onAccess?.(new Set([tenantId]));
      // A stopped agent has no route.
      routes.forget(tenantId);
    },
  });
}
