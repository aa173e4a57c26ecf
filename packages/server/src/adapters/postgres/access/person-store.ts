import { uuidOf } from '../../../kernel/ids.ts';
import type { PersonStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findPersonRights } from './find-person-rights.ts';

/** People in PostgreSQL, over a pool of the application's role. */
export function createPersonStore(pool: DatabasePool): PersonStore {
  return {
    async findRights(tenantId, personId) {
      const read = readInTenant(pool, uuidOf(tenantId), findPersonRights(tenantId, personId));
      const [row] = (await whenAvailable(read)).rows;
      return row === undefined ? null : { scopes: row.scopes, isDisabled: row.disabled_at !== null };
    },
  };
}
