/**
 * Guarantee: a client of the application's database role sees and changes rows of the tenants it named and of no other tenant, whatever it
 * sends, and the worker's connection reaches exactly what the reaper needs.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { PoolClient } from 'pg';
import { createOAuthClientStore } from '../src/adapters/postgres/access/oauth-client-store.ts';
import { ensureRuntimeLogin } from '../src/adapters/postgres/migrate.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { seedChain } from './audit-rows.ts';
import { seedDelivery } from './delivery-rows.ts';
import { seedProtection, seedRest } from './protection-rows.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';
import { seedIdentities } from './identity-rows.ts';
import { seedTrust } from './trust-rows.ts';

/** What a statement did: how many rows it returned or touched, or why it was refused. */
type Outcome = number | string;

/** All that the worker's role can do, for every tenant. */
const workerMay = [
  'select node_id, host_name, started_at, heartbeat_at, dead_at from colloquy.nodes',
  'update colloquy.nodes set heartbeat_at = heartbeat_at, dead_at = dead_at',
  'select tenant_id, task_id, node_id, attempt, cancel_requested_at from colloquy.tasks',
  'update colloquy.tasks set node_id = node_id, attempt = attempt',
  'select created_at from colloquy.idempotency_keys',
  'delete from colloquy.idempotency_keys',
  'select tenant_id, task_id, subscription_id, origin, due_at, lease_until from colloquy.push_subscriptions',
  'update colloquy.push_subscriptions set lease_id = null, lease_node_id = null, lease_until = null',
  `select * from colloquy.find_due_subscriptions('{}', '{}', 10)`,
  'select tenant_id, key_id, agent_id, slots_max, in_use, queued from colloquy.slots',
  'update colloquy.slots set in_use = in_use, queued = queued',
  'select state, last_attempt_at from colloquy.deliveries',
  'delete from colloquy.deliveries',
  'select begins_on from colloquy.quota_counts',
  'delete from colloquy.quota_counts',
  'select hour from colloquy.sla_counts',
  'delete from colloquy.sla_counts',
  'select expires_at from colloquy.revocations',
  'delete from colloquy.revocations',
  'select tenant_id, kind, name, stopped_at, resumed_at from colloquy.stops',
  'select tenant_id, instance_id, next_probe_at from colloquy.instance_health',
  'update colloquy.instance_health set next_probe_at = next_probe_at',
  'select tenant_id, instance_id, lease_until from colloquy.instance_leases',
  'delete from colloquy.agent_instances',
  'select tenant_id, instance_id, cause, failures, failed_at, open_until from colloquy.instance_breakers',
  'select tenant_id, agent_id, next_look_at, failures from colloquy.endpoint_looks',
  'update colloquy.endpoint_looks set next_look_at = next_look_at',
  'select not_after, problem from colloquy.endpoint_certificates',
  'select is_first, not_after, problem from colloquy.instance_certificates',
];

describe('a connection', () => {
  let setting: TaskSetting;
  const roles = { colloquy_app: 'colloquy_app', colloquy_worker: 'colloquy_worker' } as const;
  const login = `probe_${randomBytes(6).toString('hex')}`;
  let pools: Record<keyof typeof roles, DatabasePool>;
  let victim: SeededTenant;
  let neighbour: SeededTenant;
  let tables: readonly string[];

  before(async () => {
    setting = await startTaskSetting();
    const url = await loginUrl();
    const poolOf = (role: string): DatabasePool =>
      createPool({ url, role, connectionsMax: 1, applicationName: 'tenancy-probe' });
    pools = { colloquy_app: poolOf('colloquy_app'), colloquy_worker: poolOf('colloquy_worker') };
    const found = await setting.rows<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relkind in ('r', 'p') and c.relnamespace = 'colloquy'::regnamespace order by 1`,
    );
    tables = found.map(({ name }) => name);
    [victim, neighbour] = [await liveTenant(), await liveTenant()];
  });
  after(async () => {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    await setting.rows(`drop role ${login}`);
    await setting[Symbol.asyncDispose]();
  });

  /** The database's address for a login like the one that production runs under: no superuser, member of two roles. */
  async function loginUrl(): Promise<string> {
    const { adminUrl } = setting.database;
    await ensureRuntimeLogin({ adminUrl, login, password: login, memberOf: Object.keys(roles) });
    const url = new URL(adminUrl);
    url.username = login;
    url.password = login;
    return url.href;
  }

  /** A tenant with at least one row in every table. */
  async function liveTenant(): Promise<SeededTenant> {
    const tenant = await setting.seedTenant();
    const root = setting.ids.next('tsk');
    const chain = { root, parent: null, depth: 0, ancestors: [] };
    const delegation = { chain, budgetTaskIds: [], budgetMicrocredits: 10n };
    const open = draftTask(setting, tenant, { taskId: root, isNamed: true, delegation });
    const ended = draftTask(setting, tenant);
    await Promise.all([setting.store.record(open), setting.store.record(ended)]);
    await setting.store.write(draftEnd(setting, ended, 'TASK_STATE_COMPLETED'));
    await createOAuthClientStore(setting.readers).create(
      tenant.tenantId,
      {
        clientId: setting.ids.next('cli'),
        name: 'client',
        kind: 'oauth-client',
        scopes: [],
        authentication: { method: 'client_secret_basic' },
        tokenBinding: 'none',
        allocation: { department: null, costCenter: null },
        secret: { secretId: setting.ids.next('sec'), hash: Buffer.alloc(32), lifeMs: null },
      },
      {
        tenantId: tenant.tenantId,
        entryId: setting.ids.next('ent'),
        actorId: 'cli_seed',
        action: 'client.created',
        outcome: 'succeeded',
        resource: 'clients/seed',
        requestId: setting.ids.next('req'),
        facts: {},
      },
    );
    await setting.rows(
      `insert into colloquy.client_authorities (tenant_id, authority_id, name, certificate, thumbprint, subject, expires_at)
       values ('${uuidOf(tenant.tenantId)}', gen_random_uuid(), 'seed', '', '${'A'.repeat(43)}', 'CN=seed', now())`,
    );
    await seedTrust(setting, tenant);
    await seedIdentities(setting, tenant);
    await seedDelivery(setting, tenant);
    await seedProtection(setting, tenant);
    await seedChain(setting, tenant);
    await seedRest(setting, tables, tenant);
    return tenant;
  }

  /** Runs statements in a transaction that is rolled back, as a role that named these tenants; what the last one did. */
  async function probe(
    role: keyof typeof pools,
    tenantIds: string | null,
    statements: readonly (readonly [string, ...unknown[]])[],
  ): Promise<Outcome> {
    const client: PoolClient = await pools[role].connect();
    try {
      await client.query('begin');
      if (tenantIds !== null) await client.query(`select set_config('colloquy.tenant_ids', $1, true)`, [tenantIds]);
      let outcome: Outcome = 0;
      for (const [text, ...values] of statements) outcome = (await client.query(text, values)).rowCount ?? 0;
      return outcome;
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  const denied = '42501';
  const outsiders = (): readonly [string, string | null][] => [
    ['without a tenant', null],
    ['with an empty tenant', ''],
    ['with an empty list', '{}'],
    ['as another tenant', `{${uuidOf(neighbour.tenantId)}}`],
  ];

  it('has something to protect in every table', async () => {
    assert.ok(tables.length >= 11);
    for (const table of tables) {
      const rows = await setting.rows(`select from ${table} where tenant_id = $1`, uuidOf(victim.tenantId));
      assert.ok(rows.length > 0, table);
      const own = `{${uuidOf(victim.tenantId)}}`;
      assert.equal(await probe('colloquy_app', own, [[`select * from ${table}`]]), rows.length, table);
    }
  });

  it('of the application sees no row of a tenant that it did not name', async () => {
    const id = uuidOf(victim.tenantId);
    for (const [who, tenantIds] of outsiders()) {
      for (const table of tables) {
        const reads: readonly (readonly [string, ...unknown[]])[] = [
          [`select * from ${table} where tenant_id = $1`, id],
          [`select * from ${table} t where t::text like '%' || $1 || '%'`, id],
          [`select from ${table} where tenant_id = $1 or true offset 100`, id],
          [`copy (select * from ${table} where tenant_id = '${victim.tenantId.slice(4)}') to stdout`],
        ];
        for (const read of reads) assert.equal(await probe('colloquy_app', tenantIds, [read]), 0, `${who}: ${read[0]}`);
        if (who !== 'as another tenant') {
          assert.equal(
            await probe('colloquy_app', tenantIds, [[`copy ${table} to stdout`]]),
            0,
            `${who}: copy ${table}`,
          );
        }
      }
    }
  });

  it('of the application learns nothing from plans and from functions of its own', async () => {
    for (const [who, tenantIds] of outsiders()) {
      const client = await pools.colloquy_app.connect();
      const notices: string[] = [];
      client.on('notice', (notice) => notices.push(String(notice.message)));
      try {
        await client.query('begin');
        if (tenantIds !== null) await client.query(`select set_config('colloquy.tenant_ids', $1, true)`, [tenantIds]);
        await client.query(
          `create function pg_temp.peek(text) returns boolean language plpgsql cost 0.0000001 as
           $$ begin raise notice '%', $1; return true; end $$`,
        );
        for (const table of tables) {
          await client.query(`select from ${table} t where pg_temp.peek(t::text)`);
          const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: { 'Actual Rows': number } }] }>(
            `explain (analyze, format json) select * from ${table} where tenant_id = '${victim.tenantId.slice(4)}'`,
          );
          assert.equal(rows[0]?.['QUERY PLAN'][0].Plan['Actual Rows'], 0, `${who}: ${table}`);
        }
      } finally {
        await client.query('rollback');
        client.removeAllListeners('notice');
        client.release();
      }
      const dashed = victim.tenantId.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      assert.deepEqual(
        notices.filter((notice) => notice.includes(dashed)),
        [],
        who,
      );
    }
  });

  it('of the application changes, removes and plants nothing of a tenant that it did not name', async () => {
    const id = uuidOf(victim.tenantId);
    const before = await setting.everyRowOf(victim.tenantId);
    for (const [who, tenantIds] of outsiders()) {
      for (const table of tables) {
        const [row] = await setting.rows<{ row: unknown }>(
          `select to_jsonb(t) as row from ${table} t where tenant_id = $1 limit 1`,
          id,
        );
        const harmless: readonly Outcome[] = [0, denied];
        const change = await probe('colloquy_app', tenantIds, [
          [`update ${table} set tenant_id = tenant_id where tenant_id = $1`, id],
        ]);
        const removal = await probe('colloquy_app', tenantIds, [[`delete from ${table} where tenant_id = $1`, id]]);
        assert.ok(harmless.includes(change), `${who}: update ${table}: ${change}`);
        assert.ok(harmless.includes(removal), `${who}: delete from ${table}: ${removal}`);
        const plant = `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`;
        assert.equal(
          await probe('colloquy_app', tenantIds, [[plant, JSON.stringify(row?.row)]]),
          denied,
          `${who}: insert into ${table}`,
        );
        assert.equal(
          await probe('colloquy_app', tenantIds, [[`truncate ${table} cascade`]]),
          denied,
          `${who}: truncate ${table}`,
        );
        const copied = await probe('colloquy_app', tenantIds, [[`copy ${table} from stdin`]]);
        assert.ok(copied === '0A000' || copied === denied, `${who}: copy ${table} from stdin: ${copied}`);
      }
    }
    assert.equal(await setting.everyRowOf(victim.tenantId), before);
  });

  it('of the application gives none of its own rows away to another tenant', async () => {
    const own = `{${uuidOf(neighbour.tenantId)}}`;
    for (const table of tables) {
      const gift = await probe('colloquy_app', own, [[`update ${table} set tenant_id = $1`, uuidOf(victim.tenantId)]]);
      assert.equal(gift, denied, table);
    }
  });

  it('of the application keeps no tenant beyond its transaction, and switches no rule off', async () => {
    const own = `{${uuidOf(victim.tenantId)}}`;
    assert.ok(Number(await probe('colloquy_app', own, [['select * from colloquy.tasks']])) > 0);
    assert.equal(await probe('colloquy_app', null, [['select * from colloquy.tasks']]), 0);
    for (const attempt of [
      'alter table colloquy.tasks disable row level security',
      'create policy more on colloquy.tasks using (true)',
      'drop policy tenant_isolation on colloquy.tasks',
      'set local role colloquy_owner',
      'set local session authorization colloquy_owner',
      'set local role colloquy_lookup',
      `set local role ${new URL(setting.database.adminUrl).username}`,
      'create table colloquy.planted (id int)',
      'grant colloquy_owner to colloquy_app',
      'call colloquy.secure_tenant_table($$colloquy.nodes$$)',
      'update colloquy.nodes set dead_at = now()',
      'select * from public.schema_migrations',
    ]) {
      assert.equal(await probe('colloquy_app', null, [[attempt]]), denied, attempt);
    }
    // Row security that is off is an error, not a way through.
    const off = await probe('colloquy_app', null, [['set local row_security = off'], ['select * from colloquy.tasks']]);
    assert.equal(off, denied);
  });

  it('of the worker reaches the leases and nothing else', async () => {
    for (const statement of workerMay)
      assert.equal(typeof (await probe('colloquy_worker', null, [[statement]])), 'number', statement);
    const refused = [
      // Of slots the worker counts all there is.
      ...tables.filter((table) => table !== 'colloquy.slots').map((table) => `select * from ${table}`),
      ...tables.map((table) => `insert into ${table} default values`),
      ...tables.map((table) => `truncate ${table} cascade`),
      ...tables
        .filter(
          (table) =>
            !/\.(idempotency_keys|deliveries|quota_counts|sla_counts|revocations|agent_instances|event_outbox|event_dead_letters|credit_alerts|delegation_budgets)$/.test(
              table,
            ),
        )
        .map((table) => `delete from ${table}`),
      ...tables.map((table) => `update ${table} set tenant_id = tenant_id`),
      'update colloquy.slots set slots_max = 1',
      'select owner_id from colloquy.tasks',
      'select decision from colloquy.tasks',
      `update colloquy.tasks set state = 'completed'`,
      'update colloquy.tasks set task_id = task_id',
      'select url from colloquy.push_subscriptions',
      'select token_sealed from colloquy.push_subscriptions',
      'update colloquy.push_subscriptions set sent_seq = 0',
      'select delivery_id from colloquy.deliveries',
      'select facts from colloquy.credit_alerts',
      'select left_microcredits from colloquy.delegation_budgets',
      'select url from colloquy.event_sinks',
      'update colloquy.event_sinks set sent_seq = 0',
      'select data from colloquy.event_outbox',
      'select sends from colloquy.quota_counts',
      'select failed from colloquy.sla_counts',
      'select subject from colloquy.revocations',
      'select reason from colloquy.stops',
      'select openings from colloquy.instance_breakers',
      'select url from colloquy.agent_instances',
      'select probe_state from colloquy.instance_health',
      'update colloquy.instance_leases set is_lapsed = true',
      'update colloquy.endpoint_looks set failures = 0',
      'select subject from colloquy.endpoint_certificates',
      'select origin from colloquy.instance_certificates',
      'select wrapped from colloquy.tenant_keys',
      'select wrapped from colloquy.platform_keys',
      'select key_sealed from colloquy.audit_subjects',
      'select * from colloquy.audit_sealer',
      'select * from colloquy.signing_keys',
      'select * from colloquy.oidc_records',
      `select * from colloquy.find_oauth_client('x')`,
      `select * from colloquy.list_tenants('', 10)`,
    ];
    for (const statement of refused)
      assert.equal(await probe('colloquy_worker', null, [[statement]]), denied, statement);
  });

  it('of the worker sees only tasks under a lease, and forgets only what is old', async () => {
    const [counts] = await setting.rows<{ leased: number; all: number }>(
      'select count(*) filter (where node_id is not null)::int as leased, count(*)::int as all from colloquy.tasks',
    );
    assert.ok(counts !== undefined && counts.leased < counts.all);
    assert.equal(await probe('colloquy_worker', null, [['select task_id from colloquy.tasks']]), counts.leased);
    const orphan = 'update colloquy.tasks set node_id = null';
    assert.ok(['23514', denied].includes(String(await probe('colloquy_worker', null, [[orphan]]))));
    assert.equal(await probe('colloquy_worker', null, [['delete from colloquy.idempotency_keys']]), 0);
    for (const table of [
      'deliveries',
      'quota_counts',
      'revocations',
      'event_outbox',
      'event_dead_letters',
      'credit_alerts',
    ])
      assert.equal(await probe('colloquy_worker', null, [[`delete from colloquy.${table}`]]), 0, table);
    await setting.database.setClockOffset(2 * 3_600_000);
    const [keys] = await setting.rows<{ n: number }>('select count(*)::int as n from colloquy.idempotency_keys');
    assert.equal(await probe('colloquy_worker', null, [['delete from colloquy.idempotency_keys']]), keys?.n);
    await setting.database.setClockOffset(0);
  });
});
