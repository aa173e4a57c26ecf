import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  CachePolicy,
  CachePolicyOutcome,
  CachePolicyStore,
  ConfiguredCachePolicy,
  ResultSubject,
  StoredCachePolicy,
} from '../../../modules/results/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Cache policies in PostgreSQL, over a pool of the application's role. */
export function createCachePolicyStore(pool: DatabasePool): CachePolicyStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  const change = async (
    tenantId: TenantId,
    update: { readonly subject: ResultSubject; readonly policy: CachePolicy | null },
    entry: NewAuditEntry,
  ): Promise<CachePolicyOutcome> => {
    const statement = changeCachePolicy(tenantId, update, entry);
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows[0]?.outcome ?? 'unknown';
  };
  return {
    read: async (tenantId) => (await read(tenantId, readCachePolicies(tenantId))).map(storedPolicyOf),
    async list(tenantId, { after, limit }) {
      const at = after?.indexOf(' ') ?? -1;
      const place = { agentName: after?.slice(0, at) ?? '', skillId: after?.slice(at + 1) ?? '' };
      const rows = await read(tenantId, listCachePolicies(tenantId, place, limit + 1));
      return pageOf(
        rows.map(configuredPolicyOf),
        limit,
        ({ subject }) => `${subject.agentName} ${subject.skillId ?? ''}`,
      );
    },
    set: change,
    async unset(tenantId, subject, entry) {
      const statement = unsetCachePolicy(tenantId, subject, entry);
      const [gone] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return gone.rows.length === 1;
    },
    purge: (tenantId, subject, entry) => change(tenantId, { subject, policy: null }, entry),
  };
}

const policyColumns = `agent_name, skill_id, shared_by, hit_price_percent, stale_ms, is_on, purges, changed_by, changed_at`;

interface PolicyRow {
  readonly agent_name: string;
  readonly skill_id: string;
  readonly shared_by: CachePolicy['sharedBy'] | null;
  readonly hit_price_percent: number | null;
  readonly stale_ms: bigint | null;
  readonly is_on: boolean | null;
  readonly purges: number;
  readonly changed_by: string;
  readonly changed_at: Date;
}

function storedPolicyOf(row: PolicyRow): StoredCachePolicy {
  const subject = { agentName: row.agent_name, skillId: row.skill_id === '' ? null : row.skill_id };
  return { subject, policy: policyOf(row), purges: row.purges };
}

/** Only for rows that hold a policy, not just a purge count. */
function configuredPolicyOf(row: PolicyRow): ConfiguredCachePolicy {
  const { subject, policy } = storedPolicyOf(row);
  if (policy === null) throw new Error('A listed row of result_terms holds no cache policy.');
  return { ...policy, subject, changedBy: row.changed_by, changedAt: row.changed_at };
}

function policyOf({ shared_by, hit_price_percent, stale_ms, is_on }: PolicyRow): CachePolicy | null {
  if (shared_by === null || hit_price_percent === null || stale_ms === null || is_on === null) return null;
  return { sharedBy: shared_by, hitPricePercent: hit_price_percent, staleMs: Number(stale_ms), isOn: is_on };
}

const readCachePoliciesText = `select ${policyColumns} from colloquy.result_terms where tenant_id = $1 limit $2`;

/** All rows of a tenant: policies and purge counts. */
function readCachePolicies(tenantId: TenantId): Statement<PolicyRow> {
  return {
    name: 'read-result-terms',
    text: readCachePoliciesText,
    values: [uuidOf(tenantId), limits.cachePoliciesPerTenantMax],
  };
}

const listCachePoliciesText = `
  select ${policyColumns} from colloquy.result_terms
  where tenant_id = $1 and (agent_name, skill_id) > ($2, $3) and shared_by is not null
  order by agent_name, skill_id limit $4`;

/** The configured policies of a tenant after a subject, in the order of agent and skill. */
function listCachePolicies(
  tenantId: TenantId,
  after: { readonly agentName: string; readonly skillId: string },
  rows: number,
): Statement<PolicyRow> {
  return {
    name: 'list-result-terms',
    text: listCachePoliciesText,
    values: [uuidOf(tenantId), after.agentName, after.skillId, rows],
  };
}

/** A null policy ($4) purges the results of the subject and leaves its policy as it is. */
const changeCachePolicyText = `
  with judged as (
    select case
      when not exists (select from colloquy.agents where name = $2 and tenant_id = $1 and deregistered_at is null) then 'unknown'
      when (select count(*) from colloquy.result_terms where tenant_id = $1 and (agent_name, skill_id) <> ($2, $3)) >= $8 then 'full'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.result_terms as r (tenant_id, agent_name, skill_id, shared_by, hit_price_percent, stale_ms, is_on, purges, changed_by)
    select $1, $2, $3, $4::text, $5, $6, $7, case when $4::text is null then 1 else 0 end, $10 from judged where outcome = 'set'
    on conflict (tenant_id, agent_name, skill_id) do update set
      shared_by = coalesce(excluded.shared_by, r.shared_by),
      hit_price_percent = coalesce(excluded.hit_price_percent, r.hit_price_percent),
      stale_ms = coalesce(excluded.stale_ms, r.stale_ms),
      is_on = coalesce(excluded.is_on, r.is_on),
      purges = r.purges + excluded.purges, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), purged as (
    delete from colloquy.skill_results s using judged
    where judged.outcome = 'set' and $4::text is null and s.tenant_id = $1 and s.agent_name = $2 and ($3 = '' or s.skill_id = $3)
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $9, $10, $11, case outcome when 'set' then $12 else 'refused' end, $13, $14, $15 from judged
  )
  select outcome from judged`;

/** Sets the policy of a subject, or purges its results, and writes the audit entry. When it refuses, it writes only the entry. */
function changeCachePolicy(
  tenantId: TenantId,
  { subject, policy }: { readonly subject: ResultSubject; readonly policy: CachePolicy | null },
  entry: NewAuditEntry,
): Statement<{ readonly outcome: CachePolicyOutcome }> {
  return {
    name: 'change-result-terms',
    text: changeCachePolicyText,
    values: [
      uuidOf(tenantId),
      subject.agentName,
      subject.skillId ?? '',
      policy?.sharedBy ?? null,
      policy?.hitPricePercent ?? null,
      policy?.staleMs ?? null,
      policy?.isOn ?? null,
      limits.cachePoliciesPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}

const unsetCachePolicyText = `
  with gone as (
    update colloquy.result_terms set shared_by = null, hit_price_percent = null, stale_ms = null, is_on = null,
      changed_by = $5, changed_at = colloquy.now_utc()
    where tenant_id = $1 and agent_name = $2 and skill_id = $3 and shared_by is not null
    returning skill_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $4, $5, $6, $7, $8, $9, $10 from gone
  )
  select skill_id from gone`;

/** Removes a policy and writes the audit entry; no row when none was set. The purge count stays. */
function unsetCachePolicy(tenantId: TenantId, { agentName, skillId }: ResultSubject, entry: NewAuditEntry): Statement {
  return {
    name: 'unset-result-terms',
    text: unsetCachePolicyText,
    values: [uuidOf(tenantId), agentName, skillId ?? '', ...auditEntryValues(entry)],
  };
}
