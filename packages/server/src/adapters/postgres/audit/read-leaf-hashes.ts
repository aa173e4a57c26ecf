import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Hashes of a run of a chain's records; `first` counts from 0. */
export function readLeafHashes(tenantId: TenantId, first: number, count: number): Statement<{ readonly hash: string }> {
  return {
    name: 'read-leaf-hashes',
    text: `
      select encode(hash, 'hex') as hash from colloquy.audit_chain
      where tenant_id = $1 and seq > $2::bigint and seq <= $2::bigint + $3::bigint order by seq`,
    values: [uuidOf(tenantId), first, count],
  };
}
