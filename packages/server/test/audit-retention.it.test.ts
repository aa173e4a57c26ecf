/**
 * Guarantee: an audit entry is deleted only when its tenant no longer keeps it, has exported it, and a signed checkpoint covers it; the rest is
 * verified from the checkpoint that stands there (T37). Spec: docs/specs/audit-chain.md, invariant AUDIT-11.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isConsistent, isIncluded, readCheckpointLine, readExportLine } from '@colloquy/protocol/audit';
import { auditHashes, verifyAudit } from '@colloquy/sdk/client';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';

const perPart = 300;
const invalid = { code: 'request.invalid' };

describe('audit entries that a tenant keeps for a time', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let admin: DatabasePool;
  let tenantId: string;
  let archive: readonly string[] = [];
  /** As they stood before the last export: a later one may be over what was sealed since. */
  let signed: readonly string[] = [];

  before(async () => {
    platform = await startTestPlatform({ env: { COLLOQUY_AUDIT_CHECKPOINT_MS: '100' } });
    tenant = await platform.createTenant('keeper');
    admin = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'audit-retention' });
    const [row] = await rows<{ id: string }>(
      'select tenant_id::text as id from colloquy.tenants where slug = $1',
      'keeper',
    );
    tenantId = row?.id ?? '';
    for (let part = 0; part < 3; part += 1) await writePart();
    archive = await exported(0);
  });
  after(async () => {
    await admin.end();
    await platform[Symbol.asyncDispose]();
  });

  const rows = async <Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await admin.query(sql, [...values])).rows as Row[];

  async function writePart(): Promise<void> {
    await rows(
      `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
       select $1, gen_random_uuid(), 'cli_1', 'agent.registered', 'succeeded', 'agents/a' || n, 'req_1', '{}' from generate_series(1, $2::int) n`,
      tenantId,
      perPart,
    );
    await eventually(
      'everything is sealed and signed',
      async () => {
        const [row] = await rows<{ left: number }>(
          `select (select max(seq)::int from colloquy.audit_chain where tenant_id = $1)
          - (select checkpoint_seq::int from colloquy.audit_chains where tenant_id = $1)
          + (select count(*)::int from colloquy.audit_entries e where tenant_id = $1
             and not exists (select from colloquy.audit_chain c where c.tenant_id = e.tenant_id and c.entry_id = e.entry_id)) as left`,
          tenantId,
        );
        return row?.left === 0;
      },
      60_000,
    );
  }

  async function exported(afterSeq: number): Promise<string[]> {
    const lines: string[] = [];
    signed = await checkpoints();
    for (let from: number | undefined = afterSeq; from !== undefined;) {
      const page = await tenant.client.admin.exportAudit({ afterSeq: from });
      lines.push(...page.lines);
      from = page.next;
    }
    return lines;
  }

  const checkpoints = async (): Promise<string[]> =>
    (await tenant.client.admin.listAuditCheckpoints({ limit: 100 })).items.map(({ line }) => line);
  const verified = async (lines: readonly string[], behind?: number) => {
    const keys = [await tenant.client.admin.readAuditKey()];
    const evidence = { lines: [lines], checkpoints: signed, keys };
    return verifyAudit(behind === undefined ? evidence : { ...evidence, behind });
  };
  const placeOf = (line: string | undefined): { throughSeq: number; hash: string } => {
    const read = readExportLine(line ?? '');
    assert.ok(read !== null);
    return { throughSeq: read.record.seq, hash: read.hash };
  };

  /** Checkpoints over no more than so many entries are of a month ago; gives the largest of them. */
  async function age(size: number): Promise<number> {
    await rows('set session_replication_role = replica');
    await rows(
      `update colloquy.audit_checkpoints set created_at = created_at - interval '31 days' where tenant_id = $1 and size <= $2`,
      tenantId,
      size,
    );
    await rows('set session_replication_role = origin');
    const [row] = await rows<{ size: number }>(
      'select max(size)::int as size from colloquy.audit_checkpoints where tenant_id = $1 and size <= $2',
      tenantId,
      size,
    );
    return row?.size ?? 0;
  }

  /** The entries from before the test; those of the test itself are sealed behind them. */
  const everything = async (): Promise<unknown> =>
    rows(
      `select (select min(seq) from colloquy.audit_chain where tenant_id = $1) as first,
        (select count(*) from colloquy.audit_entries where tenant_id = $1 and action = 'agent.registered') as entries`,
      tenantId,
    );

  it('AUDIT-11 are all kept without a retention time, within it, and while the tenant has not exported them', async () => {
    const { admin } = tenant.client;
    const last = placeOf(archive.at(-1));
    const before = await everything();
    assert.deepEqual(await admin.readAuditRetention(), { prunedThroughSeq: 0 });
    assert.deepEqual(await admin.pruneAudit({ body: last }), { entries: 0, prunedThroughSeq: 0 });
    for (const days of [0, 29, 3_651])
      await assert.rejects(admin.setAuditRetention({ body: { keepDays: days } }), invalid);
    assert.deepEqual(await admin.setAuditRetention({ body: { keepDays: 30 } }), { keepDays: 30, prunedThroughSeq: 0 });
    assert.deepEqual(await admin.pruneAudit({ body: last }), { entries: 0, prunedThroughSeq: 0 });
    await age(perPart + 50);
    for (const hash of ['0'.repeat(64), placeOf(archive.at(-2)).hash])
      await assert.rejects(admin.pruneAudit({ body: { ...last, hash } }), invalid);
    await assert.rejects(admin.pruneAudit({ body: { throughSeq: 1_000_000, hash: last.hash } }), invalid);
    assert.deepEqual(await everything(), before);
  });

  it('AUDIT-11 are pruned up to a signed checkpoint, and the rest is verified behind it', async () => {
    const { admin } = tenant.client;
    const through = await age(perPart + 50);
    assert.ok(through > 0 && through < archive.length);
    // Up to the last checkpoint that the named entry is behind: none, or one over the first entry alone.
    const { entries: early } = await admin.pruneAudit({ body: placeOf(archive[0]) });
    assert.ok(early === 0 || early === 1, String(early));
    const entries = through - early;
    assert.deepEqual(await admin.pruneAudit({ body: placeOf(archive.at(-1)) }), { entries, prunedThroughSeq: through });
    const rest = await exported(0);
    assert.equal(placeOf(rest[0]).throughSeq, through + 1);
    const behind = await verified(rest, through);
    assert.deepEqual([behind.isIntact, behind.damage], [true, null]);
    assert.ok(behind.provenRecords >= archive.length, 'up to the last checkpoint');
    const continued = await verified([...archive.slice(0, through), ...rest]);
    assert.deepEqual([continued.isIntact, continued.provenRecords], [true, behind.provenRecords]);
    for (const [lines, place, damage] of [
      [rest, undefined, 'out-of-order'],
      [rest, through - 1, 'rootless'],
      [rest.slice(1), through, 'out-of-order'],
      [rest.with(3, rest[3]?.replace('cli_1', 'cli_2') ?? ''), through, 'changed'],
      [rest.slice(0, 20), through, 'truncated'],
    ] as const)
      assert.equal((await verified(lines, place)).damage, damage);
    const [noted] = await rows<{ facts: object }>(
      `select facts from colloquy.audit_entries where action = 'audit.pruned' and facts ->> 'through' = $1`,
      String(through),
    );
    assert.deepEqual(noted?.facts, { entries: String(entries), through: String(through) });
  });

  it('are proven as before when they stay, and not at all when they went', async () => {
    const { admin } = tenant.client;
    const { prunedThroughSeq: through } = await admin.readAuditRetention();
    const line = (await checkpoints()).at(-1) ?? '';
    const { size, root } = readCheckpointLine(line)?.checkpoint ?? { size: 0, root: '' };
    for (const seq of [through + 1, through + 2, through + 200, size]) {
      const { leaf, proof } = await admin.proveAuditInclusion({ seq, size });
      assert.ok(isIncluded({ leaf, index: seq - 1, size, root, proof }, auditHashes), String(seq));
    }
    const earlier = readCheckpointLine((await checkpoints()).find((one) => sizeOf(one) === through) ?? '')?.checkpoint;
    assert.ok(earlier !== undefined);
    const { proof } = await admin.proveAuditConsistency({ earlier: through, size });
    assert.ok(isConsistent({ earlier, later: { size, root }, proof }, auditHashes));
    await assert.rejects(admin.proveAuditInclusion({ seq: through, size }), invalid);
    await assert.rejects(admin.proveAuditConsistency({ earlier: through - 1, size }), invalid);
  });

  const sizeOf = (line: string): number => readCheckpointLine(line)?.checkpoint.size ?? 0;

  it('AUDIT-11 go in portions, by no other role and no further, while the chain goes on', async () => {
    await writePart();
    const rest = await exported(0);
    const last = placeOf(rest.at(-1));
    const through = await age(2 * perPart + 50);
    let pruned = 0;
    for (let isDone = false; !isDone;) {
      const [portion] = await rows<{ is_done: boolean; pruned: bigint }>(
        `select is_done, pruned from colloquy.prune_audit($1, $2, decode($3, 'hex'), 100)`,
        tenantId,
        last.throughSeq,
        last.hash,
      );
      assert.ok(portion !== undefined && Number(portion.pruned) <= 100);
      pruned += Number(portion.pruned);
      isDone = portion.is_done;
    }
    const kept = await exported(0);
    assert.equal(placeOf(kept[0]).throughSeq, through + 1);
    assert.equal(pruned, rest.length - kept.length);
    const finding = await verified(kept, through);
    assert.deepEqual([finding.isIntact, finding.damage], [true, null]);
    const pruner = createPool({
      url: platform.database.adminUrl,
      connectionsMax: 1,
      applicationName: 'audit-retention-pruner',
      role: 'colloquy_pruner',
    });
    // Of the first places of a subtree their hashes may go; what is behind the place stays.
    for (const table of ['audit_entries', 'audit_chain']) await pruner.query(`delete from colloquy.${table}`);
    const places = 'select count(*)::int as n from colloquy.audit_chain where seq > $1 and tenant_id = $2';
    const [row] = await rows<{ n: number }>(places, through, tenantId);
    assert.equal(row?.n, kept.length);
    assert.deepEqual((await exported(0)).length, kept.length);
    for (const attempt of [`update colloquy.audit_entries set facts = '{}'`, 'delete from colloquy.audit_checkpoints'])
      await assert.rejects(pruner.query(attempt), { code: '42501' });
    await pruner.end();
    const { items } = await tenant.client.admin.searchAudit({ until: new Date(0).toISOString() });
    assert.deepEqual(items, []);
  });
});
