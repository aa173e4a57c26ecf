import { everything } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { authorize } from '../../access/index.ts';
import type { Operation } from '../../access/index.ts';
import type { TaskViewer } from '../../tasks/index.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';

/**
 * Whose tasks the caller may see at this address. Throws before anything is looked up that could tell what exists, and
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

/** The caller's tasks that came by the router, at the agents that it still reaches. */
function routedViewer({ tenant, principal, access }: Caller): TaskViewer {
  const reach = access === everything || access.tenant.has('a2a:read') ? null : [...access.agents.keys()];
  return { tenantId: tenant.id, ownerId: principal.id, agentName: routerName, ...(reach === null ? {} : { reach }) };
}
