import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { LimitStore, LimitSubject, LimitSettings, SetLimit, SetOutcome } from '../../../modules/limits/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** The columns that show a limit. */
const limitColumns = `l.subject_kind, l.subject_id, l.requests_per_second, l.burst_requests, l.sends_per_day, l.sends_per_month,
  l.changed_by, l.changed_at`;

interface LimitRow {
  readonly subject_kind: LimitSubject['kind'];
  readonly subject_id: string;
  readonly requests_per_second: number | null;
  readonly burst_requests: number | null;
  readonly sends_per_day: bigint | null;
  readonly sends_per_month: bigint | null;
  readonly changed_by: string;
  readonly changed_at: Date;
}

function limitOf(row: LimitRow): SetLimit {
  return {
    subject: { kind: row.subject_kind, id: row.subject_id },
    requestsPerSecond: row.requests_per_second,
    burstRequests: row.burst_requests,
    sendsPerDay: numberOf(row.sends_per_day),
    sendsPerMonth: numberOf(row.sends_per_month),
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

/** Every quota is an exact number. */
function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

/** The limits of tenants in PostgreSQL, over a pool of the application's role. */
export function createLimitStore(pool: DatabasePool): LimitStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async read(tenantId) {
      const first = { kind: '', id: '' };
      return (await read(tenantId, listLimits(tenantId, first, limits.limitsPerTenantMax + 1))).map(limitOf);
    },
    async list(tenantId, { after, limit }) {
      const [kind = '', id = ''] = after?.split(' ', 2) ?? [];
      const rows = await read(tenantId, listLimits(tenantId, { kind, id }, limit + 1));
      return pageOf(rows.map(limitOf), limit, ({ subject }) => `${subject.kind} ${subject.id}`);
    },
    async set(tenantId, limit, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const statements = [lockLimits(tenantId), setLimit(tenantId, limit, entry)] as const;
      const [, judged] = await whenAvailable(inTransaction(pool, options, statements));
      return judged.rows[0]?.outcome ?? 'unknown';
    },
    async unset(tenantId, subject, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [gone] = await whenAvailable(inTransaction(pool, options, [unsetLimit(tenantId, subject, entry)]));
      return gone.rows.length === 1;
    },
  };
}

const listLimitsSql = `
  select ${limitColumns} from colloquy.limits l
  where l.tenant_id = $1 and (l.subject_kind::text collate "C", l.subject_id) > ($2, $3)
  order by l.subject_kind::text collate "C", l.subject_id
  limit $4`;

/** Limits of a tenant after a subject, in the order of kind and id. Every kind is greater than the empty text. */
function listLimits(
  tenantId: TenantId,
  after: { readonly kind: string; readonly id: string },
  rows: number,
): Statement<LimitRow> {
  return { name: 'list-limits', text: listLimitsSql, values: [uuidOf(tenantId), after.kind, after.id, rows] };
}

const lockLimitsSql = `select pg_advisory_xact_lock(hashtextextended('limits ' || $1::text, 0))`;

/** Makes changes to the limits of one tenant wait for each other, so that their number is counted right. */
function lockLimits(tenantId: TenantId): Statement {
  return { name: 'lock-limits', text: lockLimitsSql, values: [uuidOf(tenantId)] };
}

// Other principals are unknown until their first request, so only the id of an OAuth client is looked up.
const setLimitSql = `
  with judged as (
    select case
      when $2 = 'agent' and not exists (
        select from colloquy.agents where name = $3 and tenant_id = $1 and deregistered_at is null) then 'unknown'
      when $2 = 'client' and $3 like 'cli\\_%' and not exists (
        select from colloquy.oauth_clients where tenant_id = $1 and client_id = $3) then 'unknown'
      when (select count(*) from colloquy.limits where tenant_id = $1 and (subject_kind, subject_id) <> ($2, $3)) > $8 then 'full'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.limits as l (tenant_id, subject_kind, subject_id, requests_per_second, burst_requests, sends_per_day,
      sends_per_month, changed_by)
    select $1, $2, $3, $4, $5, $6, $7, $10 from judged where outcome = 'set'
    on conflict (tenant_id, subject_kind, subject_id) do update set requests_per_second = excluded.requests_per_second,
      burst_requests = excluded.burst_requests, sends_per_day = excluded.sends_per_day, sends_per_month = excluded.sends_per_month,
      changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, case outcome when 'set' then $12 else 'refused' end, $13, $14, $15 from judged
  )
  select outcome from judged`;

/** Sets the limit of a subject and writes the audit entry; only the entry, as refused, for a subject that the tenant does not have. */
function setLimit(
  tenantId: TenantId,
  { subject, settings }: { readonly subject: LimitSubject; readonly settings: LimitSettings },
  entry: NewAuditEntry,
): Statement<{ readonly outcome: SetOutcome }> {
  return {
    name: 'set-limit',
    text: setLimitSql,
    values: [
      uuidOf(tenantId),
      subject.kind,
      subject.id,
      settings.requestsPerSecond,
      settings.burstRequests,
      settings.sendsPerDay,
      settings.sendsPerMonth,
      limits.limitsPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}

const unsetLimitSql = `
  with gone as (
    delete from colloquy.limits where tenant_id = $1 and subject_kind = $2 and subject_id = $3
    returning subject_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $4, $5, $6, $7, $8, $9, $10 from gone
  )
  select subject_id from gone`;

/** Removes a limit and writes the audit entry; no row when none was set. */
function unsetLimit(tenantId: TenantId, { kind, id }: LimitSubject, entry: NewAuditEntry): Statement {
  return {
    name: 'unset-limit',
    text: unsetLimitSql,
    values: [uuidOf(tenantId), kind, id, ...auditEntryValues(entry)],
  };
}
