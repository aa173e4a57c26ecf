import { uuidOf } from '../../../kernel/ids.ts';
import type { RoleStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findHeldRoles } from './find-held-roles.ts';

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
