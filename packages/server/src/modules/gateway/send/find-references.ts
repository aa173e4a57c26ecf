import type { Message } from '@colloquy/protocol';
import { isId } from '../../../kernel/ids.ts';
import type { TaskRow, TaskStore } from '../../tasks/index.ts';

const none: readonly string[] = [];

/**
 * The tasks that a message refers to, by the ids that its agent gave them. Only tasks of the same principal at the same agent have such
 * an id: what is another's, another agent's or unknown is left out, as if the caller had not named it (A2A 1.0 has no error for it).
 */
export async function findReferences(
  store: Pick<TaskStore, 'findUpstreamIds'>,
  task: Pick<TaskRow, 'tenantId' | 'ownerId' | 'agentId'>,
  { referenceTaskIds }: Message,
): Promise<readonly string[]> {
  const known = (referenceTaskIds ?? none).filter((id) => isId('tsk', id));
  if (known.length === 0) return none;
  const upstreamIds = await store.findUpstreamIds(task, known);
  return known.flatMap((id) => upstreamIds.get(id) ?? none);
}
