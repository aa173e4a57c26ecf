import { everything } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { authorize } from '../../access/index.ts';
import type { Operation } from '../../access/index.ts';
import { extendView } from '../../tasks/index.ts';
import type { TaskRow, TaskStore, TaskView, TaskViewer } from '../../tasks/index.ts';
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

/** The task as its committed log tells it, read tail by tail. */
export async function readView(
  store: Pick<TaskStore, 'readTail'>,
  tenantId: TenantId,
  taskId: TaskId,
): Promise<TaskView> {
  let view: TaskView | null = null;
  for (;;) {
    const { events, isMore } = await store.readTail(tenantId, taskId, view?.seq ?? 0);
    view = extendView(view, events);
    if (!isMore) break;
  }
  if (view === null) throw new PlatformError('task.unknown');
  return view;
}
