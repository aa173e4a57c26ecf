import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createPool } from '@colloquy/server/test';
import { verifyAudit } from '@colloquy/sdk/client';
import type { AuditFinding, OperationArguments } from '@colloquy/sdk/client';
import { checkpointDirOf, eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestTenant } from '@colloquy/testkit';
import type { Figures, SuiteOptions } from './figures.ts';
import { seeded } from './seeded.ts';

const entriesFull = 1_000_000;
const entriesQuick = 5_000;
const perInsert = 50_000;
const perPage = 1_000;
const sealMsMax = 15 * 60_000;
const verifyMsMax = 30_000;
const searchMsMax = 500;
const linesPerPart = 1_000;

type Pool = ReturnType<typeof createPool>;

/** Ends of tasks, one refusal in ten thousand, and a client that is there five times. */
const insertEntries = `
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, gen_random_uuid(), case when n % $4::int = 7 then 'cli_rare' else 'cli_' || n % 50 end,
    case when n % 10000 = 5 then 'access.refused' else 'task.completed' end,
    case when n % 10000 = 5 then 'refused' else 'succeeded' end,
    'tasks/t' || n, 'req_' || n, jsonb_build_object('credits', n::text)
  from generate_series($2::int, $3::int) n`;

/**
 * A tenant with very many entries: they are sealed and signed, exported and verified in time, a touch among them is found, and searches for
 * what is rare among them never read a table from end to end.
 */
export async function auditVolume({ quick, seed }: SuiteOptions): Promise<Figures> {
  const entries = quick ? entriesQuick : entriesFull;
  const env = { COLLOQUY_AUDIT_CHECKPOINT_MS: '1000', COLLOQUY_LOG_LEVEL: 'warn' };
  await using platform = await startTestPlatform({ env });
  const tenant = await platform.createTenant('large');
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-audit-volume-'));
  const pool = createPool({
    url: platform.database.adminUrl,
    connectionsMax: 1,
    applicationName: 'audit-volume',
    statementTimeoutMs: 120_000,
  });
  try {
    const { rows } = await pool.query<{ id: string }>(
      'select tenant_id::text as id from colloquy.tenants where slug = $1',
      [tenant.slug],
    );
    const tenantId = rows[0]?.id ?? '';
    for (let first = 1; first <= entries; first += perInsert)
      await pool.query(insertEntries, [tenantId, first, Math.min(entries, first + perInsert - 1), entries / 5]);
    const [sealed, sealMs] = await timed(() => untilSigned(pool, tenantId));
    const file = join(folder, 'audit.jsonl');
    const [exported, exportMs] = await timed(() => exportTo(file, tenant));
    const checkpointFile = join(
      checkpointDirOf(platform.database.adminUrl),
      `tnt_${tenantId.replaceAll('-', '')}.jsonl`,
    );
    const checkpoints = (await readFile(checkpointFile, 'utf8')).split('\n');
    const keys = [await tenant.client.admin.readAuditKey()];
    const verify = (touchedSeq: number | null): Promise<AuditFinding> =>
      verifyAudit({ lines: partsOf(file, touchedSeq), checkpoints, keys });
    const [whole, verifyMs] = await timed(() => verify(null));
    const touchedSeq = 1 + seeded(seed)(sealed);
    const touched = await verify(touchedSeq);
    const searched = await search(pool, tenant);
    const violations = [
      ...(exported === sealed ? [] : [`${String(exported)} entries of ${String(sealed)} were exported`]),
      ...(whole.isIntact && whole.provenRecords === sealed ? [] : [`not intact: ${JSON.stringify(whole)}`]),
      ...(verifyMs <= verifyMsMax ? [] : [`verified in ${String(verifyMs)} ms, and has to be ${String(verifyMsMax)}`]),
      ...(touched.firstBadSeq === touchedSeq ? [] : [`a touch at ${String(touchedSeq)}: ${JSON.stringify(touched)}`]),
      ...searched.violations,
      // A table of few rows may be read from end to end, and is.
      ...(quick || searched.scans === 0 ? [] : [`${String(searched.scans)} scans of a whole table`]),
    ];
    const times = { sealMs, exportMs, verifyMs, searchMsMax: searched.slowestMs };
    const counts = { entries: sealed, checkpoints: whole.checkpoints, ...times, sequentialScans: searched.scans };
    return { counts, violations, skipped: [] };
  } finally {
    await pool.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed<Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> {
  const startedMs = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - startedMs)];
}

/** How many there are, once each has a place and the last place is signed. */
function untilSigned(pool: Pool, tenantId: string): Promise<number> {
  return eventually(
    'all is sealed and signed',
    async () => {
      const { rows } = await pool.query<{ entries: number; signed: number }>(
        `select (select count(*)::int from colloquy.audit_entries where tenant_id = $1) as entries,
          (select checkpoint_seq::int from colloquy.audit_chains where tenant_id = $1) as signed`,
        [tenantId],
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      return rows[0]?.entries === rows[0]?.signed ? rows[0]?.entries : undefined;
    },
    sealMsMax,
  );
}

async function exportTo(path: string, { client }: TestTenant): Promise<number> {
  const file = await open(path, 'w');
  let written = 0;
  try {
    for (let afterSeq: number | undefined = 0; afterSeq !== undefined;) {
      const page = await client.admin.exportAudit({ afterSeq, limit: perPage });
      if (page.lines.length > 0) await file.write(`${page.lines.join('\n')}\n`);
      written += page.lines.length;
      afterSeq = page.next;
    }
  } finally {
    await file.close();
  }
  return written;
}

async function* partsOf(path: string, touchedSeq: number | null): AsyncGenerator<readonly string[]> {
  let part: string[] = [];
  let seq = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    seq += 1;
    part.push(seq === touchedSeq ? line.replace('"requestId":"', '"requestId":"x') : line);
    if (part.length < linesPerPart) continue;
    yield part;
    part = [];
  }
  yield part;
}

/** Searches by the API; the database counts every scan of a table from end to end. */
async function search(
  pool: Pool,
  { client }: TestTenant,
): Promise<{ readonly scans: number; readonly slowestMs: number; readonly violations: readonly string[] }> {
  await pool.query('analyze colloquy.audit_entries, colloquy.audit_chain');
  const before = await scansOf(pool);
  const until = new Date().toISOString();
  const wanted: readonly OperationArguments<'searchAudit'>[] = [
    {},
    { actor: 'cli_rare' },
    { actor: 'cli_nobody' },
    { resource: 'tasks/t77' },
    { action: 'access.refused' },
    { action: 'client.revoked' },
    { outcome: 'refused' },
    { outcome: 'failed' },
    { outcome: 'refused', until },
    { until: '2000-01-01T00:00:00Z' },
  ];
  const violations: string[] = [];
  let slowestMs = 0;
  for (const one of wanted) {
    // Again and again, until the database keeps one plan for all values.
    for (let again = 0; again < 7; again += 1) {
      const [, tookMs] = await timed(() => client.admin.searchAudit({ ...one, limit: 50 }));
      slowestMs = Math.max(slowestMs, tookMs);
      if (tookMs > searchMsMax) violations.push(`a search for ${JSON.stringify(one)} took ${String(tookMs)} ms`);
    }
  }
  // A backend tells of its scans within a second of being idle.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const scans = (await scansOf(pool)) - before;
  return { scans, slowestMs, violations };
}

async function scansOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ scans: number }>(
    `select sum(seq_scan)::int as scans from pg_stat_user_tables
     where schemaname = 'colloquy' and relname in ('audit_entries', 'audit_chain')`,
  );
  return rows[0]?.scans ?? 0;
}
