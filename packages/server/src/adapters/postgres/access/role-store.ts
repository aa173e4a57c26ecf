import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { HeldRole, RoleStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Roles in PostgreSQL, over a pool of the application's role. */
export function createRoleStore(pool: DatabasePool): RoleStore {
  return {
    async findHeld(tenantId, principalIds) {
      const statement = findHeldRoles(tenantId, principalIds);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return {
        lists: rows.map(({ roles }) => roles),
        narrowings: rows.reduce((sum, { removed }) => sum + 1 + removed, 0),
      };
    },
  };
}

/** The roles of each of these principals that ever had one. The table's check allows only roles that the module knows. */
function findHeldRoles(
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
