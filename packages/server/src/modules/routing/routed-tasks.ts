import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** Tasks that were sent to the router. */
export interface RoutedTasks {
  /** The name of the agent that a task of this owner was routed to; null for an unknown task or another owner's. Throws `platform.unavailable`. */
  findAgent(tenantId: TenantId, ownerId: string, taskId: TaskId): Promise<string | null>;
}
