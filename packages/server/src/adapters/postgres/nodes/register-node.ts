import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** A new process of ours, alive from now on. */
export function registerNode(nodeId: NodeId, hostName: string): Statement {
  return {
    name: 'register-node',
    text: `insert into colloquy.nodes (node_id, host_name) values ($1, $2) on conflict (node_id) do nothing`,
    values: [uuidOf(nodeId), hostName],
  };
}
