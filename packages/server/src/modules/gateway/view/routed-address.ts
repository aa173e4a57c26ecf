import { withoutBoundResource } from '../../../kernel/caller.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { authorize } from '../../access/index.ts';
import type { Operation } from '../../access/index.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
import { taskIdOf } from './visible-task.ts';

interface Asked {
  readonly caller: Caller;
  readonly address: AgentAddress;
}

/** The address of the agent that has a task which the caller sent to the router; throws `task.unknown` for any other task. */
export async function addressOfRouted(
  ports: Pick<GatewayPorts, 'routedTasks'>,
  asked: Asked,
  taskId: TaskId,
): Promise<AgentAddress> {
  const address = await findRoutedAddress(ports, asked, taskId);
  if (address === null) throw new PlatformError('task.unknown');
  return address;
}

/** As {@link addressOfRouted}; null when the caller sent no such task to the router. */
export async function findRoutedAddress(
  { routedTasks }: Pick<GatewayPorts, 'routedTasks'>,
  { caller, address }: Asked,
  taskId: TaskId,
): Promise<AgentAddress | null> {
  const agentName = await routedTasks.findAgent(caller.tenant.id, caller.principal.id, taskId);
  return agentName === null ? null : { ...address, agentName };
}

/** An operation on one task at the address of an agent. */
type TaskOperation<Request, More extends readonly unknown[], Answer> = (
  caller: Caller,
  address: AgentAddress,
  request: Request,
  ...more: More
) => Promise<Answer>;

/**
 * Makes an operation work at the router's address too: there it runs at the agent that has the task, with the caller's rights at that agent. A
 * task at an agent that the caller's rights no longer reach looks like a missing one.
 */
export function alsoAtRouter<Request, More extends readonly unknown[], Answer>(
  ports: Pick<GatewayPorts, 'routedTasks'>,
  {
    run,
    operation,
    taskOf,
  }: {
    readonly run: TaskOperation<Request, More, Answer>;
    readonly operation: Operation;
    readonly taskOf: (request: Request) => string;
  },
): TaskOperation<Request, More, Answer> {
  return (caller, address, request, ...more) => {
    if (address.agentName !== routerName) return run(caller, address, request, ...more);
    return atItsAgent(ports, { caller, address, operation, taskId: taskOf(request) }, (freed, at) =>
      run(freed, at, request, ...more),
    );
  };
}

async function atItsAgent<Answer>(
  ports: Pick<GatewayPorts, 'routedTasks'>,
  { caller, address, operation, taskId }: Asked & { readonly operation: Operation; readonly taskId: string },
  run: (caller: Caller, address: AgentAddress) => Promise<Answer>,
): Promise<Answer> {
  authorize(caller, operation, address);
  const at = await addressOfRouted(ports, { caller, address }, taskIdOf(taskId));
  try {
    return await run(withoutBoundResource(caller), at);
  } catch (error) {
    const isHidden = error instanceof PlatformError && error.code === 'registry.agent-unknown';
    throw isHidden ? new PlatformError('task.unknown') : error;
  }
}
