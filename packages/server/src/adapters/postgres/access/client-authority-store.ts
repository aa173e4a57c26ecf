import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { ClientAuthority, ClientAuthorityStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { deleteClientAuthority } from './delete-client-authority.ts';
import { insertClientAuthority } from './insert-client-authority.ts';
import { listClientAuthorities } from './list-client-authorities.ts';
import type { ClientAuthorityRow } from './list-client-authorities.ts';
import { lockClientMeans } from './lock-client-means.ts';

/** Authorities of tenants in PostgreSQL, over a pool of the application's role. */
export function createClientAuthorityStore(pool: DatabasePool): ClientAuthorityStore {
  return {
    async add(tenantId, authority, entry) {
      const statements = [lockClientMeans(tenantId), insertClientAuthority(tenantId, authority, entry)] as const;
      const [, inserted] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = inserted.rows;
      if (row === undefined) return 'exists';
      return row.outcome === 'added' ? { ...authority, addedAt: row.added_at } : row.outcome;
    },
    async list(tenantId, page) {
      const statement = listClientAuthorities(tenantId, page);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(authorityOf);
    },
    async remove(tenantId, authorityId, entry) {
      const statement = deleteClientAuthority(tenantId, authorityId, entry);
      const [removed] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return removed.rows.length === 1;
    },
  };
}

function authorityOf(row: ClientAuthorityRow): ClientAuthority {
  const { authority_id: id, name, certificate, thumbprint, subject, expires_at: expiresAt, added_at: addedAt } = row;
  return { authorityId: idOf('aut', id), name, certificate, thumbprint, subject, expiresAt, addedAt };
}
