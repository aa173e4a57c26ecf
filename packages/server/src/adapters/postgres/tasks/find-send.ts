import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** The task that was sent under an idempotency key. */
export function findSend(tenantId: TenantId, keyHash: string): Statement<{ task_id: string; fingerprint: string }> {
  return {
    name: 'find-send',
    text: `select task_id, fingerprint from colloquy.idempotency_keys where tenant_id = $1 and key_hash = $2`,
    values: [uuidOf(tenantId), keyHash],
  };
}
