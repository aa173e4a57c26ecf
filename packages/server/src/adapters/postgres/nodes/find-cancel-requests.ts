import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Tasks a node works on that somebody wants canceled. */
export function findCancelRequests(nodeId: NodeId): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-cancel-requests',
    text: `select task_id from colloquy.tasks where node_id = $1 and cancel_requested_at is not null`,
    values: [uuidOf(nodeId)],
  };
}
