import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AuditArchive } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { chainEndOf, findChainEnds } from './find-chain-ends.ts';
import { keptEntryOf, sealedColumns } from './sealed-columns.ts';
import type { SealedRow } from './sealed-columns.ts';
import { searchSealed } from './search-sealed.ts';

/** Sealed entries in PostgreSQL, over a pool of the application's role. */
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

export const auditArchivePorts = (pool: DatabasePool) => ({ archive: createAuditArchive(pool) });

interface CheckpointRow {
  readonly size: bigint;
  readonly line: string;
  readonly created_at: Date;
}

/** Checkpoints of a tenant, the shortest chain first. */
function listCheckpoints(tenantId: TenantId, afterSize: number, limit: number): Statement<CheckpointRow> {
  return {
    name: 'list-checkpoints',
    text: `
      select size, line, created_at from colloquy.audit_checkpoints
      where tenant_id = $1 and size > $2::bigint order by size limit $3`,
    values: [uuidOf(tenantId), afterSize, limit],
  };
}

/** Hashes of a run of a chain's records; `first` counts from 0. */
function readLeafHashes(tenantId: TenantId, first: number, count: number): Statement<{ readonly hash: string }> {
  return {
    name: 'read-leaf-hashes',
    text: `
      select encode(hash, 'hex') as hash from colloquy.audit_chain
      where tenant_id = $1 and seq > $2::bigint and seq <= $2::bigint + $3::bigint order by seq`,
    values: [uuidOf(tenantId), first, count],
  };
}

/** A range of stored subtrees of one level. */
function readNodeHashes(
  tenantId: TenantId,
  level: number,
  first: number,
  count: number,
): Statement<{ readonly hash: string }> {
  return {
    name: 'read-node-hashes',
    text: `
      select encode(hash, 'hex') as hash from colloquy.audit_nodes
      where tenant_id = $1 and level = $2::smallint and position >= $3::bigint and position < $3::bigint + $4::bigint
      order by position`,
    values: [uuidOf(tenantId), level, first, count],
  };
}

/** Entries in the order of the hash chain. An entry that was removed from the log by hand is a row without an entry; a pruned one is no row. */
function readSealed(tenantId: TenantId, afterSeq: number, limit: number): Statement<SealedRow> {
  return {
    name: 'read-sealed',
    text: `
      select ${sealedColumns}
      from (
        select * from colloquy.audit_chain
        where tenant_id = $1
          and seq > greatest($2::bigint, (select pruned_seq from colloquy.audit_chains where tenant_id = $1))
        order by seq limit $3
      ) c
      left join colloquy.audit_entries e on e.tenant_id = c.tenant_id and e.entry_id = c.entry_id
      order by c.seq`,
    values: [uuidOf(tenantId), afterSeq, limit],
  };
}
