import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** A heartbeat; no row for a node that was declared dead. */
export function renewNode(nodeId: NodeId): Statement<{ readonly node_id: string }> {
  return {
    name: 'renew-node',
    text: `
      update colloquy.nodes set heartbeat_at = colloquy.now_utc() where node_id = $1 and dead_at is null returning node_id`,
    values: [uuidOf(nodeId)],
  };
}
