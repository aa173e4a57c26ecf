import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** A run of kept subtrees of one level. */
export function readNodeHashes(
  tenantId: TenantId,
  level: number,
  first: number,
  count: number,
): Statement<{ readonly hash: string }> {
  return {
    name: 'read-node-hashes',
    text: `
      select encode(hash, 'hex') as hash from colloquy.audit_nodes
      where tenant_id = $1 and level = $2::smallint and position >= $3::bigint and position < $3::bigint + $4::bigint
      order by position`,
    values: [uuidOf(tenantId), level, first, count],
  };
}
