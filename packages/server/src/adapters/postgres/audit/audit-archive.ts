import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AuditArchive } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { chainEndOf, findChainEnds } from './find-chain-ends.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import { readLeafHashes } from './read-leaf-hashes.ts';
import { readNodeHashes } from './read-node-hashes.ts';
import { readSealed } from './read-sealed.ts';
import { keptEntryOf } from './sealed-columns.ts';
import { searchSealed } from './search-sealed.ts';

/** What was sealed, from PostgreSQL, over a pool of the application's role. */
export function createAuditArchive(pool: DatabasePool): AuditArchive {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async search(tenantId, wanted, after, limit) {
      return (await read(tenantId, searchSealed(tenantId, wanted, after, limit))).map(keptEntryOf);
    },
    async readSealed(tenantId, afterSeq, limit) {
      return (await read(tenantId, readSealed(tenantId, afterSeq, limit))).map(keptEntryOf);
    },
    async listCheckpoints(tenantId, afterSize, limit) {
      const rows = await read(tenantId, listCheckpoints(tenantId, afterSize, limit));
      return rows.map(({ size, line, created_at }) => ({ size: Number(size), line, createdAt: created_at }));
    },
    async findEnd(tenantId) {
      const [row] = await read(tenantId, findChainEnds([tenantId]));
      return row === undefined ? null : chainEndOf(row);
    },
    async readHashes(tenantId, level, first, count) {
      const statement =
        level === 0 ? readLeafHashes(tenantId, first, count) : readNodeHashes(tenantId, level, first, count);
      return (await read(tenantId, statement)).map(({ hash }) => hash);
    },
  };
}
