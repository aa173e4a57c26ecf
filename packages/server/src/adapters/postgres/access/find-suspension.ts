import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { SuspensionTarget } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';
import type { SuspensionRow } from './list-suspensions.ts';

/** The stop of a target, while it is in force. */
export function findSuspension(tenantId: TenantId, { kind, name }: SuspensionTarget): Statement<SuspensionRow> {
  return {
    name: 'find-stop',
    text: `
      select kind, name, reason, stopped_by, stopped_at from colloquy.stops
      where tenant_id = $1 and kind = $2 and name = $3 and resumed_at is null`,
    values: [uuidOf(tenantId), kind, name],
  };
}
