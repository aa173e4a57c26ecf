import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** The task that a caller named. */
export function findNamedTask(tenantId: TenantId, aliasHash: string): Statement<{ task_id: string }> {
  return {
    name: 'find-named-task',
    text: `select task_id from colloquy.task_aliases where tenant_id = $1 and alias_hash = $2`,
    values: [uuidOf(tenantId), aliasHash],
  };
}
