import type { Caller } from '../../../kernel/caller.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
import { findNamedTask } from '../send/task-name.ts';

/**
 * The id of the task that a caller of an early wire named; the name itself when there is no such task. It tells nothing that the
 * operation on the task does not: that one judges the caller, and knows no task by a name.
 */
export function resolveTaskName(ports: Pick<GatewayPorts, 'store'>) {
  return async (caller: Caller, { agentName }: AgentAddress, name: string): Promise<string> => {
    const viewer = { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentName };
    return (await findNamedTask(ports.store, viewer, name)) ?? name;
  };
}
