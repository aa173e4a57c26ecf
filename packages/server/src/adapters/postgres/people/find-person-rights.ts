import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** What a person of a tenant holds. */
export function findPersonRights(
  tenantId: TenantId,
  personId: string,
): Statement<{ readonly scopes: readonly string[]; readonly disabled_at: Date | null }> {
  return {
    name: 'find-person-rights',
    text: `select scopes, disabled_at from colloquy.people where tenant_id = $1 and person_id = $2`,
    values: [uuidOf(tenantId), personId],
  };
}
