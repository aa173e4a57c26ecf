import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface CheckpointRow {
  readonly size: bigint;
  readonly line: string;
  readonly created_at: Date;
}

/** Checkpoints of a tenant, the shortest chain first. */
export function listCheckpoints(tenantId: TenantId, afterSize: number, limit: number): Statement<CheckpointRow> {
  return {
    name: 'list-checkpoints',
    text: `
      select size, line, created_at from colloquy.audit_checkpoints
      where tenant_id = $1 and size > $2::bigint order by size limit $3`,
    values: [uuidOf(tenantId), afterSize, limit],
  };
}
