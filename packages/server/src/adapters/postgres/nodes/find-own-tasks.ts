import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** The tasks that the database believes a node works on. */
export function findOwnTasks(nodeId: NodeId): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-own-tasks',
    text: `select task_id from colloquy.tasks where node_id = $1`,
    values: [uuidOf(nodeId)],
  };
}
