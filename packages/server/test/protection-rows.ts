import assert from 'node:assert/strict';
import { uuidOf } from '../src/kernel/ids.ts';
import type { SeededTenant } from './task-setting.ts';

interface Rows {
  rows<Row = unknown>(sql: string, ...values: readonly unknown[]): Promise<Row[]>;
}

/** Rows of a tenant `$1` with an agent `$2`, in every table of people, rights, limits, skills, certificates, instances, keys and ways out. */
const statements: readonly string[] = [
  `insert into colloquy.people (tenant_id, person_id, login_name, scopes)
   select $1::uuid, 'per_' || replace($1::uuid::text, '-', ''), 'seed', '{a2a:read}' where $2::uuid is not null`,
  `insert into colloquy.password_links (tenant_id, person_id, secret_hash, expires_at)
   select $1::uuid, 'per_' || replace($1::uuid::text, '-', ''), sha256('link'), now() where $2::uuid is not null`,
  `insert into colloquy.revocations (tenant_id, subject, expires_at)
   select $1::uuid, 'seed', now() + interval '1 hour' where $2::uuid is not null`,
  `insert into colloquy.sign_in_clients (tenant_id, client_id, redirect_uris, is_public)
   select c.tenant_id, c.client_id, '{https://app.example/back}', false from colloquy.oauth_clients c
   where c.tenant_id = $1::uuid and $2::uuid is not null limit 1`,
  `insert into colloquy.grants (tenant_id, grant_id, principal_id, role, granted_by)
   select $1::uuid, gen_random_uuid(), 'cli_seed', 'caller', 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.stops (tenant_id, kind, name, reason, stopped_by)
   select $1::uuid, 'principal', 'cli_seed', 'seed', 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.limits (tenant_id, subject_kind, subject_id, sends_per_day, changed_by)
   select $1::uuid, 'tenant', '', 5, 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.quota_counts (tenant_id, subject_kind, subject_id, period, begins_on, sends)
   select $1::uuid, 'tenant', '', 'day', (now() at time zone 'utc')::date, 1 where $2::uuid is not null`,
  `insert into colloquy.endpoint_certificates (tenant_id, agent_id, origin, subject, issuer, not_before, not_after, key_pin)
   values ($1::uuid, $2::uuid, 'https://agent.example', 'CN=agent', 'CN=authority', now(), now(), repeat('A', 44))`,
  `insert into colloquy.instance_certificates
     (tenant_id, instance_id, is_first, origin, subject, issuer, not_before, not_after, key_pin)
   select i.tenant_id, i.instance_id, true, 'https://agent.example', 'CN=agent', 'CN=authority', now(), now(), repeat('A', 44)
   from colloquy.agent_instances i where i.tenant_id = $1::uuid and i.agent_id = $2::uuid limit 1`,
  `insert into colloquy.instance_leases (tenant_id, instance_id, lease_ms, lease_until)
   select i.tenant_id, i.instance_id, 30000, now() from colloquy.agent_instances i
   where i.tenant_id = $1::uuid and i.agent_id = $2::uuid limit 1`,
  `insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags)
   values ($1::uuid, $2::uuid, 'seed', 1, 'Seed', 'Seeds', '{}')`,
  `insert into colloquy.instance_breakers (tenant_id, instance_id, cause, failures, failed_at, openings)
   select i.tenant_id, i.instance_id, 'fault', 1, now(), 0 from colloquy.agent_instances i
   where i.tenant_id = $1::uuid and i.agent_id = $2::uuid limit 1`,
  `insert into colloquy.agent_routing (tenant_id, agent_id, policy, changed_by) values ($1::uuid, $2::uuid, '{}', 'cli_seed')`,
  `insert into colloquy.instance_health (tenant_id, instance_id)
   select i.tenant_id, i.instance_id from colloquy.agent_instances i
   where i.tenant_id = $1::uuid and i.agent_id = $2::uuid on conflict do nothing`,
  `insert into colloquy.instance_events (tenant_id, instance_id, event_id, kind)
   select i.tenant_id, i.instance_id, gen_random_uuid(), 'registered' from colloquy.agent_instances i
   where i.tenant_id = $1::uuid and i.agent_id = $2::uuid limit 1`,
  `insert into colloquy.probe_policies (tenant_id, agent_id, kind, interval_ms, timeout_ms, unhealthy_after, healthy_after)
   values ($1::uuid, $2::uuid, 'tcp', 10000, 1000, 3, 2)`,
  `insert into colloquy.resilience_policies (tenant_id, agent_name, skill_id, task_ms, changed_by)
   select $1::uuid, 'echo', '', 1000, 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.price_overrides (tenant_id, agent_name, skill_id, effective_from, price, changed_by)
   select $1::uuid, 'echo', '', now(), '{"perCall": 1}', 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.budgets (tenant_id, name, budget_id, scope, subject, limit_microcredits, period, mode, alert_percents, changed_by)
   select $1::uuid, 'seed', gen_random_uuid(), 'tenant', '', 1, 'day', 'soft', '{80}', 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.credit_alerts (tenant_id, alert_id, kind, facts)
   select $1::uuid, gen_random_uuid(), 'low-credit', '{}' where $2::uuid is not null`,
  `insert into colloquy.credit_grants (tenant_id, grant_id, amount_microcredits, left_microcredits, expires_at)
   select $1::uuid, gen_random_uuid(), 5, 5, now() + interval '1 day' where $2::uuid is not null`,
  `insert into colloquy.credit_settings (tenant_id, changed_by) select $1::uuid, 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.credit_checkpoints (tenant_id, until, totals) select $1::uuid, now(), '{}' where $2::uuid is not null`,
  `insert into colloquy.credit_reconciliations (tenant_id, checked_at, drifts)
   select $1::uuid, now(), '[]' where $2::uuid is not null`,
  `insert into colloquy.event_sinks (tenant_id, name, sink_id, url, origin, types, sent_seq, changed_by)
   select $1::uuid, 'seed', gen_random_uuid(), 'https://hook.example/x', 'https://hook.example', '{*}', 0, 'cli_seed'
   where $2::uuid is not null`,
  `insert into colloquy.event_dead_letters
     (tenant_id, sink_name, seq, event_id, type, subject, occurred_at, data, attempts, last_reason)
   select $1::uuid, 'seed', 1, gen_random_uuid(), 'seed', 'seed', now(), '{}', 12, 'http-status' where $2::uuid is not null`,
  `insert into colloquy.skill_results (tenant_id, place, key_hash, agent_name, skill_id)
   select $1::uuid, 0, gen_random_uuid(), 'echo', 'seed' where $2::uuid is not null`,
  `insert into colloquy.slots (tenant_id, key_id, agent_id) values ($1::uuid, $2::uuid, $2::uuid) on conflict do nothing`,
  `insert into colloquy.sla_objectives (tenant_id, kind, subject, holds_from, availability_ppm, latency_ms, latency_ppm, changed_by)
   select $1::uuid, 'tier', 'gold', date_trunc('hour', now(), 'UTC'), 999000, 1000, 950000, 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.sla_counts
     (tenant_id, hour, agent_name, tier, availability_ppm, latency_ms, latency_ppm, ended, excused, served, failed, late)
   select $1::uuid, date_trunc('hour', now(), 'UTC'), 'echo', 'gold', 999000, 1000, 950000, 1, 0, 0, 0, 0 where $2::uuid is not null`,
  `insert into colloquy.sla_places (tenant_id) select $1::uuid where $2::uuid is not null on conflict do nothing`,
  `select colloquy.make_usage_month(date_trunc('month', now(), 'UTC')) where $1::uuid is not null and $2::uuid is not null`,
  `insert into colloquy.usage_hours (tenant_id, hour, group_id, agent_name, skill_id, department, cost_center, client_id,
     calls, completed, cached, failed, canceled, rejected, settled_microcredits, charged_microcredits, overage_microcredits)
   select $1::uuid, date_trunc('hour', now(), 'UTC'), gen_random_uuid(), 'echo', '', '', '', 'cli_seed', 1, 1, 0, 0, 0, 0, 5, 0, 0
   where $2::uuid is not null`,
  `insert into colloquy.usage_places (tenant_id) select $1::uuid where $2::uuid is not null on conflict do nothing`,
  `insert into colloquy.delegation_rules (tenant_id, depth_max) select $1::uuid, 3 where $2::uuid is not null`,
  `insert into colloquy.result_terms (tenant_id, agent_name, skill_id, shared_by, hit_price_percent, stale_ms, is_on, changed_by)
   select $1::uuid, 'echo', '', 'caller', 10, 0, true, 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.unmapped_contexts (tenant_id, owner_id, context_id) select $1::uuid, 'cli_seed', 'ctx_seed' where $2::uuid is not null`,
  `insert into colloquy.task_tries (tenant_id, task_id, try, kind, agent_id, agent_name, instance_id)
   values ($1::uuid, gen_random_uuid(), 2, 'retry', $2::uuid, 'echo', gen_random_uuid())`,
  `insert into colloquy.egress_allowances (tenant_id, target, kind, allowed_by)
   select $1::uuid, '10.1.0.0/16', 'range', 'cli_seed' where $2::uuid is not null`,
  `insert into colloquy.key_encryption_keys (kek_id, check_wrapped)
   select 'seed', 'check' where $1::uuid is not null and $2::uuid is not null on conflict do nothing`,
  `insert into colloquy.tenant_keys (tenant_id, key_id, kek_id, wrapped)
   select $1::uuid, gen_random_uuid(), 'seed', 'wrapped' where $2::uuid is not null`,
];

/** Gives a tenant a row in every table of what protects it. */
export async function seedProtection(setting: Rows, { tenantId, agentId }: SeededTenant): Promise<void> {
  for (const statement of statements) await setting.rows(statement, uuidOf(tenantId), uuidOf(agentId));
}

/** A column that an insert has to give a value. */
interface RequiredColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

const requiredColumns = `
  select c.oid::regclass::text as "table", a.attname as name, format_type(a.atttypid, null) as type
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relkind = 'r' and c.relnamespace = 'colloquy'::regnamespace and a.attnum > 0 and a.attnotnull and not a.atthasdef
  order by 1, a.attnum`;

/** An expression of each type that most checks accept. */
const exampleOf: Readonly<Record<string, string>> = {
  text: `'seed'`,
  uuid: 'gen_random_uuid()',
  smallint: '1',
  integer: '1',
  bigint: '1',
  boolean: 'false',
  jsonb: `'{}'`,
  'text[]': `'{}'`,
  bytea: `'seed'`,
  'timestamp with time zone': 'now()',
};

/** Gives a tenant a row of examples in each of these tables that has none. A table whose keys or checks refuse them needs a statement above. */
export async function seedRest(setting: Rows, tables: readonly string[], { tenantId }: SeededTenant): Promise<void> {
  const columns = await setting.rows<RequiredColumn>(requiredColumns);
  for (const table of tables) {
    const found = await setting.rows(`select from ${table} where tenant_id = $1 limit 1`, uuidOf(tenantId));
    if (found.length > 0) continue;
    const own = columns.filter((column) => column.table === table);
    const values = own.map(({ name, type }) => (name === 'tenant_id' ? '$1' : (exampleOf[type] ?? 'null')));
    const insert = `insert into ${table} (${own.map(({ name }) => name).join(', ')}) values (${values.join(', ')})`;
    await assert.doesNotReject(
      setting.rows(insert, uuidOf(tenantId)),
      `write a row of ${table} into protection-rows.ts by hand`,
    );
  }
}
