import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ExternalIssuerStore } from '../../../modules/federation/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { changeIssuer } from './change-issuer.ts';
import { findIssuer } from './find-issuer.ts';
import { issuerOf, termsOf } from './issuer-row.ts';
import { listIssuers } from './list-issuers.ts';
import { lockIssuers } from './lock-issuers.ts';
import { registerIssuer } from './register-issuer.ts';
import { removeIssuer } from './remove-issuer.ts';

/** External issuers in PostgreSQL, over a pool of the application's role. */
export function createExternalIssuerStore(pool: DatabasePool): ExternalIssuerStore {
  const run = async <Row>(tenantIds: readonly TenantId[], statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: tenantIds.map(uuidOf) }, [statement]));
    return rows;
  };
  return {
    async register(tenantId, issuer, entry) {
      const statements = [lockIssuers(tenantId), registerIssuer(tenantId, issuer, entry)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = rows;
      if (row === undefined) return 'exists';
      return row.outcome === 'registered' ? issuerOf(row) : row.outcome;
    },
    async change(tenantId, issuerId, terms, entry) {
      const [row] = await run([tenantId], changeIssuer(tenantId, { issuerId, terms }, entry));
      return row === undefined ? null : issuerOf(row);
    },
    async remove(tenantId, issuerId, entry) {
      return (await run([tenantId], removeIssuer(tenantId, issuerId, entry))).length === 1;
    },
    async list(tenantId, page) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listIssuers(tenantId, page)));
      return rows.map(issuerOf);
    },
    async find(address) {
      const [row] = await run([], findIssuer(address));
      if (row === undefined) return null;
      const { tenant_id: id, tenant_slug: slug, issuer_id: issuerId } = row;
      return {
        ...termsOf(row),
        issuerId: idOf('iss', issuerId.slice(4)),
        tenant: { id: idOf('tnt', id), slug },
      };
    },
  };
}
