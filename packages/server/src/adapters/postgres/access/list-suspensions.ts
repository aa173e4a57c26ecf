import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { SuspensionKind, SuspensionTarget } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

export interface SuspensionRow {
  /** Only what the table's check lets in is stored. */
  readonly kind: SuspensionKind;
  readonly name: string;
  readonly reason: string;
  readonly stopped_by: string;
  readonly stopped_at: Date;
}

/** A tenant's stops in force after a target, in the order of kind and name. */
export function listSuspensions(
  tenantId: TenantId,
  { after, limit }: { readonly after: SuspensionTarget | null; readonly limit: number },
): Statement<SuspensionRow> {
  return {
    name: 'list-stops',
    text: `
      select kind, name, reason, stopped_by, stopped_at from colloquy.stops
      where tenant_id = $1 and resumed_at is null and (kind, name) > ($2, $3)
      order by kind, name limit $4`,
    values: [uuidOf(tenantId), after?.kind ?? '', after?.name ?? '', limit],
  };
}
