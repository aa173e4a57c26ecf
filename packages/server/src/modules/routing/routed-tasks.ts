import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** The tasks that came by the router. */
export interface RoutedTasks {
  /** The name of the agent that a task of this owner was routed to; null for a task that is not, or another's. Throws `platform.unavailable`. */
  findAgent(tenantId: TenantId, ownerId: string, taskId: TaskId): Promise<string | null>;
}
