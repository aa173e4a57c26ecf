/**
 * Guarantee: a search of the audit log reads along an index, also when its matches are rare or missing, for a tenant with many entries beside
 * another one with many, as the role that serves tenants and under its row policy. Spec: docs/specs/audit-chain.md, AUDIT-12.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { escapeLiteral } from 'pg';
import { searchSealed } from '../src/adapters/postgres/audit/search-sealed.ts';
import { encodeValue } from '../src/adapters/postgres/driver-internals.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { AuditSearch, SearchPlace } from '../src/modules/audit/index.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const entries = 30_000;
const limit = 51;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Of every tenant: mostly ends of tasks; one refusal in a thousand, three entries of a client that is hardly ever there. */
const seedEntries = `
  insert into colloquy.audit_entries (tenant_id, entry_id, occurred_at, actor_id, action, outcome, resource, request_id, facts)
  select $1::uuid, md5($1::uuid::text || n)::uuid, now() - (${String(entries)} - n) * interval '1 second',
    case when n % 10000 = 7 then 'cli_rare' else 'cli_' || n % 5 end,
    case when n % 1000 = 3 then 'access.refused' when n = 20 then 'client.created' else 'task.completed' end,
    case when n % 1000 = 3 then 'refused' else 'succeeded' end,
    'tasks/t' || n, 'req_' || n, '{}'
  from generate_series(1, ${String(entries)}) n`;
const sealEntries = `
  insert into colloquy.audit_chain (tenant_id, seq, entry_id, occurred_at, actor_id, resource, hash)
  select tenant_id, row_number() over (order by occurred_at), entry_id, occurred_at, actor_id, resource, sha256(entry_id::text::bytea)
  from colloquy.audit_entries where tenant_id = $1`;

const any: AuditSearch = { fromMs: null, untilMs: null, actorId: null, action: null, resource: null, outcome: null };
const searches: readonly (readonly [string, Partial<AuditSearch>, number])[] = [
  ['everything', {}, limit],
  ['a rare client', { actorId: 'cli_rare' }, 3],
  ['a client that is not there', { actorId: 'cli_nobody' }, 0],
  ['one resource', { resource: 'tasks/t17' }, 1],
  ['a rare action', { action: 'client.created' }, 1],
  ['an action that never was', { action: 'client.revoked' }, 0],
  ['refusals', { outcome: 'refused' }, 30],
  ['failures, of which there are none', { outcome: 'failed' }, 0],
  ['refused access', { action: 'access.refused', outcome: 'refused' }, 30],
  ['refused access of a rare client', { actorId: 'cli_rare', action: 'access.refused' }, 0],
  ['a time', { fromMs: 0, untilMs: Date.now() - (entries - 5_000) * 1_000 }, limit],
  ['refusals of a time', { outcome: 'refused', untilMs: Date.now() - (entries - 4_500) * 1_000 }, 5],
];

describe('searches of the audit log', () => {
  let setting: TaskSetting;
  let tenant: SeededTenant;
  let pool: DatabasePool;

  before(async () => {
    setting = await startTaskSetting();
    tenant = await setting.seedTenant();
    for (const { tenantId } of [tenant, await setting.seedTenant()]) {
      await setting.rows(seedEntries, uuidOf(tenantId));
      await setting.rows(sealEntries, uuidOf(tenantId));
    }
    await setting.rows('analyze colloquy.audit_entries, colloquy.audit_chain');
    const url = setting.database.adminUrl;
    pool = createPool({ url, connectionsMax: 1, applicationName: 'audit-search-plans', role: 'colloquy_app' });
  });
  after(async () => {
    await pool.end();
    await setting[Symbol.asyncDispose]();
  });

  async function planOf(wanted: Partial<AuditSearch>, place: SearchPlace | null, mode: string): Promise<PlanNode[]> {
    const { text, values } = searchSealed(tenant.tenantId, { ...any, ...wanted }, place, limit);
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('colloquy.tenant_ids', $1, true)`, [`{${uuidOf(tenant.tenantId)}}`]);
      await client.query(`set local plan_cache_mode = ${mode}`);
      await client.query(`prepare probe as ${text}`);
      const literals = values.map(encodeValue).map((value) => (value === null ? 'null' : escapeLiteral(String(value))));
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) execute probe(${literals.join(', ')})`,
      );
      const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      return plan === undefined ? [] : flat(plan);
    } finally {
      await client.query('rollback');
      await client.query('deallocate all');
      client.release();
    }
  }

  async function expectIndexes(mode: string): Promise<void> {
    const seconds = Math.floor(Date.now() / 1_000);
    for (const [name, wanted, found] of searches)
      for (const place of [null, { occurredAtMicros: (seconds + 60) * 1_000_000, seq: entries + 1 }]) {
        const nodes = await planOf(wanted, place, mode);
        assert.equal(nodes[0]?.['Actual Rows'], found, name);
        for (const node of nodes) {
          if (node['Relation Name'] === undefined) continue;
          const what = `${name}: ${node['Node Type']} on ${node['Relation Name']}`;
          assert.notEqual(node['Node Type'], 'Seq Scan', what);
          const read = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
          assert.ok(read <= 4 * limit, `${what} read ${String(read)} rows`);
        }
      }
  }

  it('read few rows along an index when each is planned for its own values', () => expectIndexes('force_custom_plan'));

  it('AUDIT-12 read few rows along an index when they are planned once for all', () =>
    expectIndexes('force_generic_plan'));
});
