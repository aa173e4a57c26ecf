import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** Another process of the platform on the same data. */
export interface OtherNode {
  readonly hostName: string;
  /** Where it listens; null for a process of an older version. */
  readonly address: string | null;
}

/** Writes where a node listens. Resolves with the other nodes that renewed their leases within `silentAfterMs`, the oldest first. */
export async function announceAddress(
  workers: DatabasePool,
  nodeId: NodeId,
  { address, silentAfterMs }: { readonly address: string; readonly silentAfterMs: number },
): Promise<readonly OtherNode[]> {
  const statements = [writeAddress(nodeId, address), findOtherNodes(nodeId, address, silentAfterMs)] as const;
  const [, { rows }] = await inTransaction(workers, { tenantIds: [] }, statements);
  return rows.map((row) => ({ hostName: row.host_name, address: row.address }));
}

function writeAddress(nodeId: NodeId, address: string): Statement {
  return {
    name: 'write-node-address',
    text: `update colloquy.nodes set address = $2 where node_id = $1`,
    values: [uuidOf(nodeId), address],
  };
}

interface OtherNodeRow {
  readonly host_name: string;
  readonly address: string | null;
}

/** A node of the same host with this address is an earlier process of this one, which was killed: two cannot listen there. */
function findOtherNodes(nodeId: NodeId, address: string, silentAfterMs: number): Statement<OtherNodeRow> {
  return {
    name: 'find-other-nodes',
    text: `
      select host_name, address from colloquy.nodes
      where dead_at is null and node_id <> $1 and heartbeat_at > colloquy.now_utc() - $2 * interval '1 millisecond'
        and (address is distinct from $3
          or host_name <> (select own.host_name from colloquy.nodes own where own.node_id = $1))
      order by started_at, node_id`,
    values: [uuidOf(nodeId), silentAfterMs, address],
  };
}
