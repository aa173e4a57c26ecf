import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** A node that leaves in good order is dead at once, so that its remaining tasks need not wait for its silence. */
export function retireNode(nodeId: NodeId): Statement {
  return {
    name: 'retire-node',
    text: `update colloquy.nodes set dead_at = colloquy.now_utc(), retired = true where node_id = $1 and dead_at is null`,
    values: [uuidOf(nodeId)],
  };
}
