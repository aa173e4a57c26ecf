import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `
with noted as (
  update colloquy.audit_chains set checkpoint_seq = $2::bigint, checkpointed_at = colloquy.now_utc()
  where tenant_id = $1 and checkpoint_seq < $2::bigint
)
insert into colloquy.audit_checkpoints (tenant_id, size, line) values ($1, $2::bigint, $3)
on conflict (tenant_id, size) do nothing`;

/** Notes a checkpoint; the first of two over the same records is kept. */
export function insertCheckpoint(tenantId: TenantId, size: number, line: string): Statement {
  return { name: 'insert-checkpoint', text, values: [uuidOf(tenantId), size, line] };
}
