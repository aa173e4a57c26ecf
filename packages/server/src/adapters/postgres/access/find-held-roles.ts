import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { HeldRole } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

/** The roles of each of these principals that ever had one. Of roles only what the table's check lets in is stored. */
export function findHeldRoles(
  tenantId: TenantId,
  principalIds: readonly string[],
): Statement<{ readonly roles: readonly HeldRole[]; readonly removed: number }> {
  return {
    name: 'find-held-roles',
    text: `
      select coalesce(
        jsonb_agg(jsonb_build_object('role', role, 'agentName', agent_name, 'skillId', skill_id))
          filter (where removed_at is null), '[]') as roles,
        count(removed_at)::int as removed
      from colloquy.grants where tenant_id = $1 and principal_id = any ($2::text[])
      group by principal_id`,
    values: [uuidOf(tenantId), principalIds],
  };
}
