import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { DeliveryFault } from '../../../modules/deliveries/index.ts';
import type { EventDeadLetter, EventSink, EventSinkStore } from '../../../modules/events/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Event sinks in PostgreSQL, over a pool of the application's role. */
export function createEventSinkStore(pool: DatabasePool): EventSinkStore {
  const read = async <Row>(tenantId: string, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, tenantId, statement))).rows;
  const change = async <Row>(tenantId: string, statement: Statement<Row>): Promise<readonly Row[]> => {
    const statements = [lockSinks(tenantId), statement] as const;
    const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [tenantId] }, statements));
    return rows;
  };
  const find = async (tenantId: string, name: string): Promise<EventSink | null> => {
    const statement: Statement<SinkRow> = { name: 'find-event-sink', text: findText, values: [tenantId, name] };
    const [row] = await read(tenantId, statement);
    return row === undefined ? null : sinkOf(row);
  };
  return {
    async list(id) {
      const tenantId = uuidOf(id);
      const values = [tenantId, limits.eventSinksPerTenantMax];
      const statement: Statement<SinkRow> = { name: 'list-event-sinks', text: listText, values };
      return (await read(tenantId, statement)).map(sinkOf);
    },
    find: (tenantId, name) => find(uuidOf(tenantId), name),
    async set({ name, url, origin, types }, entry) {
      const tenantId = uuidOf(entry.tenantId);
      const values = [tenantId, name, url, origin, types, limits.eventSinksPerTenantMax, ...auditEntryValues(entry)];
      const rows = await change(tenantId, { name: 'set-event-sink', text: setText, values });
      return rows.length === 0 ? null : find(tenantId, name);
    },
    async unset(name, entry) {
      const tenantId = uuidOf(entry.tenantId);
      const values = [tenantId, name, ...auditEntryValues(entry)];
      return (await change(tenantId, { name: 'unset-event-sink', text: unsetText, values })).length === 1;
    },
    async findTarget(id, name) {
      const tenantId = uuidOf(id);
      const values = [tenantId, name];
      const statement: Statement<TargetRow> = { name: 'find-event-sink-target', text: targetText, values };
      const [row] = await read(tenantId, statement);
      return row === undefined ? null : { tenantSlug: row.slug, url: row.url, ...secretsOf(row) };
    },
    async rotateSecret(name, overlapMs, entry) {
      const tenantId = uuidOf(entry.tenantId);
      const values = [tenantId, name, overlapMs, ...auditEntryValues(entry)];
      const statement: Statement<RotatedRow> = { name: 'rotate-event-sink-secret', text: rotateText, values };
      const [row] = await change(tenantId, statement);
      if (row === undefined) return null;
      const { sink_id: sinkId, secret_generation: generation, former_secret_until: formerUntil } = row;
      return { sinkId: sinkId.replaceAll('-', ''), generation, formerUntil };
    },
    async listDeadLetters(id, name, { after, limit }) {
      const tenantId = uuidOf(id);
      const values = [tenantId, name, after !== null && /^\d{1,18}$/.test(after) ? after : '0', limit + 1];
      const statement: Statement<DeadLetterRow> = { name: 'list-event-dead-letters', text: deadLettersText, values };
      const letters = (await read(tenantId, statement)).map(deadLetterOf);
      return pageOf(letters, limit, ({ seq }) => String(seq));
    },
    async replay(name, entry) {
      const tenantId = uuidOf(entry.tenantId);
      const values = [tenantId, name, ...auditEntryValues(entry)];
      const statement: Statement<ReplayedRow> = { name: 'replay-events', text: replayText, values };
      const [row] = await change(tenantId, statement);
      return row?.is_known === true ? Number(row.queued) : null;
    },
  };
}

export const eventSinkPorts = (pool: DatabasePool) => ({ eventSinks: createEventSinkStore(pool) });

/** Serializes changes of the sinks of one tenant, so that the bound holds. */
function lockSinks(tenantId: string): Statement {
  return {
    name: 'lock-event-sinks',
    text: `select pg_advisory_xact_lock(hashtextextended('colloquy.event_sinks ' || $1, 0))`,
    values: [tenantId],
  };
}

export interface SecretColumns {
  readonly sink_id: string;
  readonly secret_generation: number;
  readonly has_former_secret: boolean;
}

/** The ids of the secrets that sign for a sink now. */
export function secretsOf(row: SecretColumns): { readonly sinkId: string; readonly secretGenerations: number[] } {
  const { secret_generation: newest, has_former_secret: hasFormer } = row;
  return {
    sinkId: row.sink_id.replaceAll('-', ''),
    secretGenerations: hasFormer ? [newest, newest - 1] : [newest],
  };
}

interface SinkRow {
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly created_at: Date;
  readonly changed_by: string;
  readonly changed_at: Date;
  readonly backlog: bigint;
  readonly attempts: number;
  readonly dead_letters: bigint;
  readonly missed: bigint;
  readonly last_status: number | null;
  readonly last_reason: DeliveryFault | null;
  readonly last_attempt_at: Date | null;
  readonly delivered_at: Date | null;
  readonly gone_at: Date | null;
}

const sinkOf = (row: SinkRow): EventSink => ({
  name: row.name,
  url: row.url,
  types: row.types,
  createdAt: row.created_at,
  changedBy: row.changed_by,
  changedAt: row.changed_at,
  backlog: row.backlog,
  attempts: row.attempts,
  deadLetters: Number(row.dead_letters),
  missed: row.missed,
  lastStatus: row.last_status,
  lastReason: row.last_reason,
  lastAttemptAt: row.last_attempt_at,
  deliveredAt: row.delivered_at,
  goneAt: row.gone_at,
});

const selected = `
  select s.name, s.url, s.types, s.created_at, s.changed_by, s.changed_at, s.attempts, s.missed, s.last_status, s.last_reason,
    s.last_attempt_at, s.delivered_at, s.gone_at,
    coalesce((select e.last_seq - s.sent_seq from colloquy.event_streams e where e.tenant_id = s.tenant_id), 0) as backlog,
    (select count(*) from colloquy.event_dead_letters d where d.tenant_id = s.tenant_id and d.sink_name = s.name) as dead_letters
  from colloquy.event_sinks s`;

const listText = `${selected} where s.tenant_id = $1 order by s.name limit $2`;
const findText = `${selected} where s.tenant_id = $1 and s.name = $2`;

const setText = `
  with chosen as (
    insert into colloquy.event_sinks as s (tenant_id, name, sink_id, url, origin, types, sent_seq, changed_by)
    select $1::uuid, $2, gen_random_uuid(), $3, $4, $5::text[],
      coalesce((select e.last_seq from colloquy.event_streams e where e.tenant_id = $1::uuid), 0), $8
    where exists (select from colloquy.event_sinks o where o.tenant_id = $1::uuid and o.name = $2)
      or (select count(*) from colloquy.event_sinks o where o.tenant_id = $1::uuid) < $6::integer
    on conflict (tenant_id, name) do update
      set url = excluded.url, origin = excluded.origin, types = excluded.types, attempts = 0, gone_at = null,
        due_at = colloquy.now_utc(), lease_id = null, lease_node_id = null, lease_until = null,
        changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning s.tenant_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $7::uuid, $8, $9, $10, $11, $12, $13::jsonb from chosen
  )
  select true as is_set from chosen`;

const unsetText = `
  with gone as (
    delete from colloquy.event_sinks where tenant_id = $1::uuid and name = $2 returning tenant_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $3::uuid, $4, $5, $6, $7, $8, $9::jsonb from gone
  )
  select true as is_gone from gone`;

interface TargetRow extends SecretColumns {
  readonly slug: string;
  readonly url: string;
}

const targetText = `
  select t.slug, s.url, s.sink_id, s.secret_generation,
    coalesce(s.former_secret_until > colloquy.now_utc(), false) as has_former_secret
  from colloquy.event_sinks s join colloquy.tenants t on t.tenant_id = s.tenant_id
  where s.tenant_id = $1 and s.name = $2`;

interface RotatedRow {
  readonly sink_id: string;
  readonly secret_generation: number;
  readonly former_secret_until: Date;
}

const rotateText = `
  with rotated as (
    update colloquy.event_sinks s set secret_generation = s.secret_generation + 1,
      former_secret_until = colloquy.now_utc() + $3::float8 * interval '1 millisecond'
    where s.tenant_id = $1::uuid and s.name = $2
    returning s.tenant_id, s.sink_id, s.secret_generation, s.former_secret_until
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $4::uuid, $5, $6, $7, $8, $9, $10::jsonb from rotated
  )
  select sink_id, secret_generation, former_secret_until from rotated`;

interface DeadLetterRow {
  readonly seq: bigint;
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly occurred_at: Date;
  readonly data: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_reason: DeliveryFault;
  readonly dead_at: Date;
  readonly is_replaying: boolean;
}

const deadLetterOf = (row: DeadLetterRow): EventDeadLetter => ({
  seq: row.seq,
  eventId: idOf('evt', row.event_id),
  type: row.type,
  subject: row.subject,
  time: row.occurred_at,
  data: row.data,
  attempts: row.attempts,
  lastStatus: row.last_status,
  lastReason: row.last_reason,
  deadAt: row.dead_at,
  isReplaying: row.is_replaying,
});

const deadLettersText = `
  select d.seq, d.event_id, d.type, d.subject, d.occurred_at, d.data, d.attempts, d.last_status, d.last_reason, d.dead_at, d.is_replaying
  from colloquy.event_dead_letters d
  where d.tenant_id = $1 and d.sink_name = $2 and d.seq > $3::bigint order by d.seq limit $4`;

interface ReplayedRow {
  readonly is_known: boolean;
  readonly queued: bigint;
}

// The sink first: the statement that records an attempt locks it before its dead letters.
const replayText = `
  with known as materialized (
    select s.tenant_id, s.name from colloquy.event_sinks s where s.tenant_id = $1::uuid and s.name = $2 for update
  ), queued as (
    update colloquy.event_dead_letters d set is_replaying = true
    from known k where d.tenant_id = k.tenant_id and d.sink_name = k.name
    returning d.seq
  ), woken as (
    update colloquy.event_sinks s set has_replays = true, due_at = colloquy.now_utc()
    from known k where s.tenant_id = k.tenant_id and s.name = k.name and exists (select from queued)
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $3::uuid, $4, $5, $6, $7, $8, $9::jsonb from known
  )
  select exists (select from known) as is_known, (select count(*) from queued) as queued`;
