import type { Caller } from '../../kernel/caller.ts';
import { authorize } from '../access/index.ts';
import type { Operation } from '../access/index.ts';
import type { TaskViewer } from '../tasks/index.ts';
import type { AgentAddress, GatewayPorts } from './ports.ts';

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
  await ports.routes.assertKnown(caller.tenant.id, address.agentName);
  return { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentName: address.agentName };
}
