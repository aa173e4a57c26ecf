import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointDirOf, createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { ChainVerifier, exportLineOf, readCheckpointLine, recordOf, recordTextOf } from '@colloquy/protocol/audit';
import type { AuditVerdict, SignedCheckpoint } from '@colloquy/protocol/audit';
import { checkpointKeyOf, createCheckpointFiles, createSealing, nodeHashes } from '../src/adapters/audit/index.ts';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createAuditLog } from '../src/adapters/postgres/audit/audit-log.ts';
import { createAuditArchive } from '../src/adapters/postgres/audit/audit-archive.ts';
import { createSealStore } from '../src/adapters/postgres/audit/seal-store.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createTenantStore } from '../src/adapters/postgres/tenancy/tenant-store.ts';
import { createIdSource, uuidOf } from '../src/kernel/ids.ts';
import type { IdSource, NodeId, TenantId } from '../src/kernel/ids.ts';
import { Sealer } from '../src/modules/audit/index.ts';
import type {
  AuditArchive,
  AuditLog,
  CheckpointSink,
  NewAuditEntry,
  SealStore,
  SealerTimes,
} from '../src/modules/audit/index.ts';
import { settledTransactions } from './settled-transactions.ts';

export interface AuditSetting extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly app: DatabasePool;
  readonly ids: IdSource;
  readonly audit: AuditLog;
  readonly archive: AuditArchive;
  readonly store: SealStore;
  readonly checkpointDir: string;
  /** A sealer as a process of its own has it, with parts of it replaced. */
  sealer(parts?: {
    readonly sink?: CheckpointSink;
    readonly store?: SealStore;
    readonly times?: Partial<SealerTimes>;
  }): Sealer;
  newTenant(): Promise<TenantId>;
  /** Waits until a sealer may take all that is committed by now. */
  settled(): Promise<void>;
  newNode(): NodeId;
  entry(tenantId: TenantId, more?: Partial<NewAuditEntry>): NewAuditEntry;
  /** Rows of a query as a superuser. */
  rows<Row = Record<string, unknown>>(sql: string, ...values: readonly unknown[]): Promise<Row[]>;
  /** The lines of a whole export, from the database as it is. */
  exportOf(tenantId: TenantId): Promise<readonly string[]>;
  /** The checkpoints of the files outside of the database. */
  checkpointsOf(tenantId: TenantId): Promise<readonly SignedCheckpoint[]>;
  verdictOf(tenantId: TenantId, lines?: readonly string[]): Promise<AuditVerdict>;
}

export const settingKey = checkpointKeyOf(Buffer.alloc(32, 9));

/** The audit log, its sealer and its readers over the roles of production, on a database of the test file's own. */
export async function startAuditSetting(): Promise<AuditSetting> {
  const database = await createTestDatabase();
  const url = database.adminUrl;
  const app = createPool({ url, role: 'colloquy_app', connectionsMax: 20, applicationName: 'audit-test' });
  const sealers = createPool({ url, role: 'colloquy_sealer', connectionsMax: 3, applicationName: 'audit-test-sealer' });
  const admin = createPool({
    url,
    connectionsMax: 2,
    applicationName: 'audit-test-admin',
    statementTimeoutMs: 300_000,
  });
  const ids = createIdSource(systemClock, { bytes: (length) => randomBytes(length) });
  const store = createSealStore(sealers);
  const archive = createAuditArchive(app);
  const checkpointDir = checkpointDirOf(url);
  const sealing = createSealing(settingKey, (tenantId) => Buffer.from(tenantId));
  const exportOf = (tenantId: TenantId) => exportLines(archive, tenantId);
  const checkpointsOf = (tenantId: TenantId) => checkpointsIn(checkpointDir, tenantId);
  const rows = async <Row = Record<string, unknown>>(sql: string, ...values: readonly unknown[]): Promise<Row[]> =>
    (await admin.query(sql, [...values])).rows as Row[];
  return {
    database,
    app,
    ids,
    audit: createAuditLog(app),
    archive,
    store,
    checkpointDir,
    sealer: ({ sink, store: other, times } = {}) =>
      new Sealer({
        store: other ?? store,
        sealing,
        sink: sink ?? createCheckpointFiles(checkpointDir),
        clock: systemClock,
        times: { checkpointMs: 0, checkpointRecordsMax: 1_000, ...times },
      }),
    async newTenant() {
      const tenantId = ids.next('tnt');
      const origin = { entryId: ids.next('ent'), actorId: 'cli_seed', requestId: ids.next('req') };
      await createTenantStore(app).create({ id: tenantId, slug: `t-${uuidOf(tenantId)}`, name: 'Tenant' }, origin);
      return tenantId;
    },
    settled: () => settledTransactions(rows),
    newNode: () => ids.next('nod'),
    entry: (tenantId, more) => ({
      tenantId,
      entryId: ids.next('ent'),
      actorId: 'cli_one',
      action: 'agent.registered',
      outcome: 'succeeded',
      resource: 'agents/echo',
      requestId: ids.next('req'),
      facts: { agent: 'echo' },
      ...more,
    }),
    rows,
    exportOf,
    checkpointsOf,
    async verdictOf(tenantId, lines) {
      const verifier = new ChainVerifier(nodeHashes, await checkpointsOf(tenantId), tenantId);
      for (const line of lines ?? (await exportOf(tenantId))) verifier.take(line);
      return verifier.finish();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([app.end(), sealers.end(), admin.end()]);
      await database[Symbol.asyncDispose]();
    },
  };
}

async function exportLines(archive: AuditArchive, tenantId: TenantId): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let after = 0; ;) {
    const page = await archive.readSealed(tenantId, after, 5_000);
    for (const { entry, seq, hash, digests } of page) {
      if (entry !== null) lines.push(exportLineOf(hash, recordTextOf(recordOf(entry, seq, digests))));
      after = seq;
    }
    if (page.length === 0) return lines;
  }
}

async function checkpointsIn(checkpointDir: string, tenantId: TenantId): Promise<readonly SignedCheckpoint[]> {
  const text = await readFile(join(checkpointDir, `${tenantId}.jsonl`), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => readCheckpointLine(line) ?? []);
}
