import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** How many other processes of ours are not dead. */
export function countOtherNodes(nodeId: NodeId): Statement<{ readonly others: number }> {
  return {
    name: 'count-other-nodes',
    text: `select count(*)::int as others from colloquy.nodes where dead_at is null and node_id <> $1`,
    values: [uuidOf(nodeId)],
  };
}
