import { PlatformError } from '../../../kernel/errors.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { extendChain } from '../../tasks/index.ts';
import type { DelegationParent, TaskDelegation } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import type { IncomingSend, PresentedDelegation, SendDelegation } from './send.ts';

/** The parent task of a delegated send, from the database, which holds its delegation chain: the token only says which task it is. */
async function parentOf(
  ports: Pick<GatewayPorts, 'store' | 'readForwardToken'>,
  { caller }: IncomingSend,
  { token, taskId }: PresentedDelegation,
): Promise<DelegationParent> {
  const forwarded = await ports.readForwardToken(token);
  const named = forwarded === null ? undefined : namedTask(forwarded.taskIds, taskId);
  const { id, slug } = caller.tenant;
  const isOwn = forwarded?.tenant === slug || forwarded?.tenant === id;
  if (forwarded === null || named === undefined || !isOwn) throw invalid();
  const parent = await ports.store.findParent(caller.tenant.id, named);
  if (parent === null || !parent.isOpen || !parent.audiences.includes(forwarded.audience)) throw invalid();
  return parent;
}

function namedTask(taskIds: readonly string[], wanted: string | undefined): TaskId | undefined {
  const named = wanted ?? (taskIds.length === 1 ? taskIds[0] : undefined);
  return named !== undefined && taskIds.includes(named) && isId('tsk', named) ? named : undefined;
}

/**
 * The position of a send in its delegation chain. Throws `delegation.invalid` alike for a token that is forged, of another tenant, or of a task
 * that is over, and `delegation.loop` and `delegation.too-deep`.
 */
export async function delegationOf(
  ports: Pick<GatewayPorts, 'store' | 'readForwardToken'>,
  send: IncomingSend,
): Promise<Pick<IncomingSend, 'delegation'>> {
  const { delegation: presented, budgetMicrocredits = null } = send.options;
  if (presented === undefined)
    return budgetMicrocredits === null ? {} : { delegation: { parent: null, budgetMicrocredits } };
  const parent = await parentOf(ports, send, presented);
  const chain = extendChain(parent, send.address.agentName);
  if (typeof chain === 'string') throw new PlatformError(`delegation.${chain}`);
  return { delegation: { parent: { chain, budgetTaskIds: parent.budgetTaskIds }, budgetMicrocredits } };
}

/** The delegation of a new task: its parent's chain, or a chain of its own when it has a budget. */
export function taskDelegation({ parent, budgetMicrocredits }: SendDelegation, taskId: TaskId): TaskDelegation {
  if (parent !== null) return { ...parent, budgetMicrocredits };
  return { chain: { root: taskId, parent: null, depth: 0, ancestors: [] }, budgetTaskIds: [], budgetMicrocredits };
}

function invalid(): PlatformError {
  return new PlatformError('delegation.invalid');
}
