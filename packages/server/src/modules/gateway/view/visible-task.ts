import { everything } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { authorize } from '../../access/index.ts';
import type { Operation } from '../../access/index.ts';
import type { TaskRow, TaskStore, TaskViewer } from '../../tasks/index.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';

/**
 * The owner and address whose tasks the caller may see. Authorizes the operation before any lookup that could reveal what exists, and throws
 * `registry.agent-unknown` for an address that no agent has or had.
 */
export async function viewerOf(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  operation: Operation,
): Promise<TaskViewer> {
  authorize(caller, operation, address);
  if (address.agentName === routerName) return routedViewer(caller);
  await ports.routes.assertKnown(caller.tenant.id, address.agentName);
  return { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentName: address.agentName };
}

/** The caller's tasks that were sent to the router, at the agents that its rights still reach. */
function routedViewer({ tenant, principal, access }: Caller): TaskViewer {
  const reach = access === everything || access.tenant.has('a2a:read') ? null : [...access.agents.keys()];
  return { tenantId: tenant.id, ownerId: principal.id, agentName: routerName, ...(reach === null ? {} : { reach }) };
}

/** The task id in a request. Anything else throws `task.unknown`, as an unknown task does. */
export function taskIdOf(id: string): TaskId {
  if (!isId('tsk', id)) throw new PlatformError('task.unknown');
  return id;
}

/** The row of a task that the viewer may see; throws `task.unknown` for any other. */
export async function findVisibleTask(store: TaskStore, viewer: TaskViewer, taskId: TaskId): Promise<TaskRow> {
  const row = await store.find(viewer, taskId);
  if (row === null) throw new PlatformError('task.unknown');
  return row;
}
