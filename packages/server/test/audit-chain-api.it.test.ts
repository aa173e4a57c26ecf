/**
 * Guarantee: a client that may read a tenant's audit entries can search and export them, and can prove from the export and a public key alone
 * that they are the sealed entries (T37).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isConsistent, isIncluded, readCheckpointLine } from '@colloquy/protocol/audit';
import { auditHashes, ColloquyError, verifyAudit } from '@colloquy/sdk/client';
import type { AdminClient, SealedAuditEntry } from '@colloquy/sdk/client';
import { checkpointDirOf, eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';

const written = 600;

describe('the hash chain of a tenant', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let admin: DatabasePool;
  let tenantId: string;
  before(async () => {
    platform = await startTestPlatform({ env: { COLLOQUY_AUDIT_CHECKPOINT_MS: '100' } });
    tenant = await platform.createTenant(`t-${randomBytes(4).toString('hex')}`);
    admin = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'audit-chain-api' });
    const { rows } = await admin.query<{ id: string }>(
      'select tenant_id::text as id from colloquy.tenants where slug = $1',
      [tenant.slug],
    );
    tenantId = rows[0]?.id ?? '';
    for (let part = 0; part < 3; part += 1) {
      await writeEntries(written / 3, part);
      await sealed();
    }
  });
  after(async () => {
    await admin.end();
    await platform[Symbol.asyncDispose]();
  });

  const writeEntries = (count: number, part: number): Promise<unknown> =>
    admin.query(
      `insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
       select $1, gen_random_uuid(), 'cli_' || n % 7, 'agent.registered', case when n % 10 = 0 then 'refused' else 'succeeded' end,
         'agents/a' || n, 'req_1', jsonb_build_object('text', E'a|b=c\\\\d\\n"é', 'part', $3::text)
       from generate_series(1, $2::int) n`,
      [tenantId, count, part],
    );

  /** Until everything is sealed and signed. */
  const sealed = (): Promise<unknown> =>
    eventually(
      'everything is sealed and signed',
      async () => {
        const { rows } = await admin.query<{ left: number }>(
          `select (select count(*)::int from colloquy.audit_entries where tenant_id = $1)
          - coalesce((select checkpoint_seq::int from colloquy.audit_chains where tenant_id = $1), 0) as left`,
          [tenantId],
        );
        return rows[0]?.left === 0;
      },
      60_000,
    );

  async function exported(format: 'jsonl' | 'cef' | 'otlp', limit = 250): Promise<readonly string[]> {
    const lines: string[] = [];
    for (let afterSeq: number | undefined = 0; afterSeq !== undefined;) {
      const page = await tenant.client.admin.exportAudit({ afterSeq, limit, format });
      lines.push(...page.lines);
      afterSeq = page.next;
    }
    return lines;
  }

  it('is verified from an export, the files of checkpoints and the public key alone', async () => {
    const { admin } = tenant.client;
    const lines = await exported('jsonl');
    const file = join(checkpointDirOf(platform.database.adminUrl), `tnt_${tenantId.replaceAll('-', '')}.jsonl`);
    const checkpoints = (await readFile(file, 'utf8')).split('\n');
    const keys = [await admin.readAuditKey()];
    const finding = await verifyAudit({ lines: [lines], checkpoints, keys });
    assert.deepEqual([finding.isIntact, finding.records, finding.provenRecords], [true, lines.length, lines.length]);
    assert.ok(finding.checkpoints >= 3 && finding.uselessCheckpoints === 0);
    const cut = await verifyAudit({ lines: [lines.slice(0, -5)], checkpoints, keys });
    assert.deepEqual([cut.firstBadSeq, cut.damage], [lines.length - 4, 'truncated']);
    const other = await verifyAudit({ lines: [lines], checkpoints, keys: [] });
    assert.deepEqual([other.provenRecords, other.checkpoints], [0, 0], 'nothing is concluded from what no key signed');
  });

  it('is searched by actor, resource, outcome and time, page by page, newest first, and returns only matches', async () => {
    const { admin } = tenant.client;
    const all: SealedAuditEntry[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = await admin.searchAudit({
        limit: 90,
        action: 'agent.registered',
        ...(after === '' ? {} : { after }),
      });
      all.push(...page.items);
      after = page.next;
    }
    assert.equal(all.length, written);
    assert.equal(new Set(all.map(({ seq }) => seq)).size, written);
    for (const [at, { occurredAt }] of all.entries()) assert.ok(occurredAt <= (all[at - 1]?.occurredAt ?? occurredAt));
    const ofActor = await admin.searchAudit({ actor: 'cli_3', limit: 100 });
    assert.equal(ofActor.items.length, all.filter(({ actorId }) => actorId === 'cli_3').slice(0, 100).length);
    const ofResource = await admin.searchAudit({ resource: 'agents/a10', outcome: 'refused' });
    assert.deepEqual(new Set(ofResource.items.map(({ facts }) => facts['part'])), new Set(['0', '1', '2']));
    const [newest] = all;
    assert.ok(newest !== undefined);
    assert.equal((await admin.searchAudit({ from: '2999-01-01T00:00:00Z' })).items.length, 0);
    assert.ok(
      (await admin.searchAudit({ until: newest.occurredAt, limit: 100 })).items.every(
        ({ occurredAt }) => occurredAt < newest.occurredAt,
      ),
    );
    const wrongs: readonly object[] = [
      { from: 'yesterday' },
      { until: '2026-99-01T00:00:00Z' },
      { after: '1_x' },
      { outcome: 'fine' },
    ];
    for (const wrong of wrongs) {
      await assert.rejects(
        admin.searchAudit(wrong),
        (error) => error instanceof ColloquyError && error.code === 'request.invalid',
      );
    }
  });

  it('AUDIT-9 is proven by inclusion and consistency, which lead to the signed roots', async () => {
    const { admin } = tenant.client;
    const { items } = await admin.listAuditCheckpoints({ limit: 100 });
    const signed = items.flatMap(({ line }) => readCheckpointLine(line)?.checkpoint ?? []);
    const [first, last] = [signed.at(0), signed.at(-1)];
    assert.ok(first !== undefined && last !== undefined && first.size < last.size);
    for (const seq of [1, 2, 255, 256, 257, 300, last.size]) {
      const { leaf, root, proof, size } = await admin.proveAuditInclusion({ seq, size: last.size });
      assert.equal(root, last.root);
      assert.ok(isIncluded({ leaf: leaf ?? '', index: seq - 1, size, root, proof }, auditHashes), `seq ${seq}`);
    }
    const { root, proof, size } = await admin.proveAuditConsistency({ earlier: first.size, size: last.size });
    assert.ok(isConsistent({ earlier: first, later: { size, root }, proof }, auditHashes));
    await assert.rejects(admin.proveAuditInclusion({ seq: last.size + 1_000 }), ColloquyError);
    await assert.rejects(admin.proveAuditConsistency({ earlier: 2, size: 1 }), ColloquyError);
  });

  it('is told as CEF and as OTLP, with every separator escaped and every number as that form has it', async () => {
    const cef = await exported('cef');
    const line = cef.findLast((one) => one.includes('agents/a1 ')) ?? '';
    assert.match(line, /^CEF:0\|Colloquy\|Colloquy\|1\|agent\.registered\|agent registered\|3\|rt=\d{13} /);
    assert.ok(line.includes(String.raw`cs4={"part":"2","text":"a|b\=c\\\\d\\n\\"é"}`), line);
    const [first = ''] = await exported('otlp');
    const request: unknown = JSON.parse(first);
    const [record] = (await tenant.client.admin.exportAudit({ format: 'otlp', limit: 1 })).lines;
    assert.match(record ?? '', /"timeUnixNano":"\d{19}","severityNumber":\d+,/);
    assert.match(record ?? '', /\{"key":"colloquy\.audit\.seq","value":\{"intValue":"1"\}\}/);
    assert.ok(typeof request === 'object' && request !== null && 'resourceLogs' in request);
  });

  it('of another tenant looks missing, and a client without the scope learns nothing', async () => {
    const outsider = await platform.createTenant(`t-${randomBytes(4).toString('hex')}`);
    const weak = await platform.createClient(tenant.slug, 'weak', ['a2a:read']);
    const reads = [
      (admin: AdminClient) => admin.searchAudit(),
      (admin: AdminClient) => admin.exportAudit(),
      (admin: AdminClient) => admin.listAuditCheckpoints(),
      (admin: AdminClient) => admin.proveAuditInclusion({ seq: 1 }),
    ];
    for (const read of reads) {
      await assert.rejects(
        read(outsider.client.admin.forTenant(tenant.slug)),
        (error) => error instanceof ColloquyError && error.code === 'tenancy.tenant-unknown',
      );
      await assert.rejects(
        read(weak.admin),
        (error) => error instanceof ColloquyError && error.code === 'access.scope-missing',
      );
    }
  });
});
