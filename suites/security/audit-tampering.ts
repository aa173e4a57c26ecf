import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPool } from '@colloquy/server/test';
import { verifyAudit } from '@colloquy/sdk/client';
import type { AuditFinding } from '@colloquy/sdk/client';
import { checkpointDirOf, eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { databaseTampers, drawPlace } from './audit-database-tampers.ts';
import { exportTampers } from './audit-export-tampers.ts';
import { seeded } from './seeded.ts';

export interface AuditTamperingFigures {
  /** What was touched, and how often, by its kind. */
  readonly touched: Readonly<Record<string, number>>;
  readonly total: number;
  readonly found: number;
  /** What was not found, or found at another place than it was; empty when all is well. */
  readonly violations: readonly string[];
}

type Pool = ReturnType<typeof createPool>;

/** A tenant whose chain is sealed, signed and kept aside. */
interface Stage {
  readonly platform: TestPlatform;
  readonly tenant: TestTenant;
  readonly admin: Pool;
  readonly tenantId: string;
  readonly entries: number;
  readonly verify: (lines: readonly string[]) => Promise<AuditFinding>;
}

const parts = 5;
const perPart = 40;
const copied = ['audit_entries', 'audit_chain', 'audit_checkpoints'];

/**
 * Touches a sealed chain in every way that we know, on its export and as a superuser in the database, and asks of each that the verifier
 * finds it and names the first sequence that is not what was sealed (T37). An attacker who also recalculates hashes is found at the next
 * record or checkpoint: there the first touched record must lie behind what is proven and not behind what is named.
 */
export async function auditTampering(options: {
  readonly quick: boolean;
  readonly seed: number;
}): Promise<AuditTamperingFigures> {
  const total = options.quick ? 400 : 10_000;
  await using platform = await startTestPlatform({
    env: { COLLOQUY_AUDIT_CHECKPOINT_MS: '100', COLLOQUY_LOG_LEVEL: 'warn' },
  });
  const tenant = await platform.createTenant('tampered');
  const admin = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'audit-tampering' });
  try {
    const stage = await sealedStage(platform, tenant, admin);
    const tally = new Tally();
    const lines = await exportOf(stage);
    tally.expect('nothing is touched', await stage.verify(lines), null);
    const draw = seeded(options.seed);
    const inDatabase = Math.floor(total / 10);
    const kinds = Object.entries(exportTampers);
    for (let n = 0; n < total - inDatabase; n += 1) {
      const [kind = '', tamper] = kinds[n % kinds.length] ?? [];
      if (tamper === undefined) continue;
      const { lines: touched, seq, isRehashed } = tamper(lines, draw);
      // What was drawn may have left the text as it was.
      if (touched.join('\n') !== lines.join('\n')) tally.expect(kind, await stage.verify(touched), seq, isRehashed);
      else n -= 1;
    }
    await tamperInDatabase(stage, inDatabase, seeded(options.seed + 1), tally);
    tally.expect('all is put back', await stage.verify(await exportOf(stage)), null);
    return tally.figures();
  } finally {
    await admin.end();
  }
}

async function sealedStage(platform: TestPlatform, tenant: TestTenant, admin: Pool): Promise<Stage> {
  const { rows } = await admin.query<{ id: string }>(
    'select tenant_id::text as id from colloquy.tenants where slug = $1',
    [tenant.slug],
  );
  const tenantId = rows[0]?.id ?? '';
  let entries = 0;
  for (let part = 0; part < parts; part += 1) {
    await admin.query(
      `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
       select $1, gen_random_uuid(), 'cli_' || n % 7, 'agent.registered', 'succeeded', 'agents/a' || n, 'req_' || n, jsonb_build_object('n', n::text)
       from generate_series(1, $2::int) n`,
      [tenantId, perPart],
    );
    entries = await eventually('all is sealed and signed', async () => {
      const found = await admin.query<{ entries: number; signed: number }>(
        `select (select count(*)::int from colloquy.audit_entries where tenant_id = $1) as entries,
          (select checkpoint_seq::int from colloquy.audit_chains where tenant_id = $1) as signed`,
        [tenantId],
      );
      const [row] = found.rows;
      return row !== undefined && row.entries === row.signed ? row.entries : undefined;
    });
  }
  for (const table of copied)
    await admin.query(
      `create table public.kept_${table} as select * from colloquy.${table} where tenant_id = '${tenantId}'`,
    );
  const file = join(checkpointDirOf(platform.database.adminUrl), `tnt_${tenantId.replaceAll('-', '')}.jsonl`);
  const checkpoints = (await readFile(file, 'utf8')).split('\n');
  const keys = [await tenant.client.admin.readAuditKey()];
  const verify = (lines: readonly string[]) => verifyAudit({ lines: [lines], checkpoints, keys });
  return { platform, tenant, admin, tenantId, entries, verify };
}

async function exportOf({ tenant }: Stage): Promise<readonly string[]> {
  return (await tenant.client.admin.exportAudit({ limit: 1_000 })).lines;
}

/** As a superuser, with the triggers off; then everything is put back as it was. */
async function tamperInDatabase(
  stage: Stage,
  count: number,
  draw: ReturnType<typeof seeded>,
  tally: Tally,
): Promise<void> {
  const { admin, tenantId, entries } = stage;
  const kinds = Object.entries(databaseTampers);
  await admin.query('set session_replication_role = replica');
  for (let n = 0; n < count; n += 1) {
    const [kind = '', tamper] = kinds[n % kinds.length] ?? [];
    if (tamper === undefined) continue;
    const place = drawPlace(draw, entries);
    for (const statement of tamper.statements(place))
      await admin.query(statement, statement.includes('$1') ? [tenantId] : []);
    tally.expect(kind, await stage.verify(await exportOf(stage)), tamper.seqOf(place));
    await putBack(admin, tenantId);
  }
  await admin.query('set session_replication_role = origin');
}

async function putBack(admin: Pool, tenantId: string): Promise<void> {
  for (const table of copied) {
    await admin.query(`delete from colloquy.${table} where tenant_id = $1`, [tenantId]);
    await admin.query(`insert into colloquy.${table} select * from public.kept_${table}`);
  }
}

class Tally {
  readonly #touched = new Map<string, number>();
  readonly #violations: string[] = [];
  #total = 0;
  #found = 0;

  /** `seq` null: nothing was touched, and nothing may be found. */
  expect(kind: string, finding: AuditFinding, seq: number | null, isRehashed = false): void {
    const { isIntact, firstBadSeq, provenRecords, damage } = finding;
    const isRight =
      seq === null
        ? isIntact
        : !isIntact &&
          firstBadSeq !== null &&
          (isRehashed ? provenRecords < seq && seq <= firstBadSeq : firstBadSeq === seq);
    if (!isRight) this.#violations.push(`${kind}, at ${String(seq)}: found ${String(firstBadSeq)}, ${String(damage)}`);
    if (seq === null) return;
    this.#touched.set(kind, (this.#touched.get(kind) ?? 0) + 1);
    this.#total += 1;
    if (isRight) this.#found += 1;
  }

  figures(): AuditTamperingFigures {
    const touched = Object.fromEntries(this.#touched);
    return { touched, total: this.#total, found: this.#found, violations: this.#violations };
  }
}
