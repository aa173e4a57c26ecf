import { uuidOf } from '../../../kernel/ids.ts';
import type { RevocationStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findRevoked } from './find-revoked.ts';
import { revokeSubject } from './revoke-subject.ts';

/** Revocations in PostgreSQL, over a pool of the application's role. */
export function createRevocationStore(pool: DatabasePool): RevocationStore {
  return {
    async revoke(revocation, entry) {
      const tenants = { tenantIds: [uuidOf(revocation.tenantId)] };
      const [{ rows }] = await whenAvailable(inTransaction(pool, tenants, [revokeSubject(revocation, entry)]));
      return rows.length > 0;
    },
    async findRevoked(statuses) {
      if (statuses.length === 0) return [];
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [] }, [findRevoked(statuses)]));
      return rows.map(({ place }) => place);
    },
  };
}
