import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  ConfiguredPolicy,
  FallbackCondition,
  PolicyOutcome,
  PolicyStore,
  PolicySubject,
  ResiliencePolicy,
  ResilienceSettings,
} from '../../../modules/resilience/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Resilience policies in PostgreSQL, over a pool of the application's role. */
export function createPolicyStore(pool: DatabasePool): PolicyStore {
  const change = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async list(tenantId, { after, limit }) {
      const gap = after?.indexOf(' ') ?? -1;
      const place = { agentName: after?.slice(0, gap) ?? '', skillId: after?.slice(gap + 1) ?? '' };
      const statement = listPolicies(tenantId, place, limit + 1);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return pageOf(rows.map(policyOf), limit, ({ subject }) => `${subject.agentName} ${subject.skillId ?? ''}`);
    },
    async set(tenantId, subject, settings, entry) {
      const [row] = await change(tenantId, setPolicy(tenantId, { ...subject, settings }, entry));
      return row?.outcome ?? 'agent-unknown';
    },
    async unset(tenantId, subject, entry) {
      return (await change(tenantId, unsetPolicy(tenantId, subject, entry))).length === 1;
    },
  };
}

export const policyPorts = (pool: DatabasePool) => ({ policies: createPolicyStore(pool) });

/** The columns of a policy `p` of `colloquy.resilience_policies`. */
const policyColumns = `p.agent_name, p.skill_id, p.first_answer_ms, p.task_ms, p.calls_max, p.queue_ms_max, p.hedge_ms,
  p.fallback, p.fallback_on, p.partial_results, p.changed_by, p.changed_at`;

interface SettingColumns {
  readonly first_answer_ms: number | null;
  readonly task_ms: number | null;
  readonly calls_max: number | null;
  readonly queue_ms_max: number | null;
  readonly hedge_ms: number | null;
  readonly fallback: readonly string[] | null;
  /** The table's check constraint allows only these values. */
  readonly fallback_on: readonly FallbackCondition[] | null;
  readonly partial_results: ResiliencePolicy['partialResults'] | null;
}

interface PolicyRow extends SettingColumns {
  readonly agent_name: string;
  readonly skill_id: string;
  readonly changed_by: string;
  readonly changed_at: Date;
}

function settingsOf(row: SettingColumns): ResilienceSettings {
  return {
    firstAnswerMs: row.first_answer_ms,
    taskMs: row.task_ms,
    callsMax: row.calls_max,
    queueMsMax: row.queue_ms_max,
    hedgeMs: row.hedge_ms,
    fallback: row.fallback,
    fallbackOn: row.fallback_on,
    partialResults: row.partial_results,
  };
}

function policyOf(row: PolicyRow): ConfiguredPolicy {
  return {
    subject: { agentName: row.agent_name, skillId: row.skill_id === '' ? null : row.skill_id },
    settings: settingsOf(row),
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

const listPoliciesText = `
select ${policyColumns} from colloquy.resilience_policies p
where p.tenant_id = $1 and (p.agent_name, p.skill_id) > ($2, $3)
order by p.agent_name, p.skill_id limit $4`;

/** Policies of a tenant after a subject, in the order of agent and skill. */
function listPolicies(
  tenantId: TenantId,
  after: { readonly agentName: string; readonly skillId: string },
  rows: number,
): Statement<PolicyRow> {
  return {
    name: 'list-policies',
    text: listPoliciesText,
    values: [uuidOf(tenantId), after.agentName, after.skillId, rows],
  };
}

const setPolicyText = `
  with named as (
    select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  ), judged as (
    select case
      when not exists (select from named) or exists (
        select from unnest($9::text[]) as f (name) where not exists (
          select from colloquy.agents a where a.tenant_id = $1 and a.name = f.name and a.deregistered_at is null)
      ) then 'agent-unknown'
      when $3 <> '' and not exists (
        select from colloquy.skills k join named n on n.agent_id = k.agent_id where k.tenant_id = $1 and k.skill_id = $3
      ) then 'skill-unknown'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.resilience_policies as p (tenant_id, agent_name, skill_id, first_answer_ms, task_ms, calls_max,
      queue_ms_max, hedge_ms, fallback, fallback_on, partial_results, changed_by)
    select $1::uuid, $2, $3, $4::int, $5::int, $6::int, $7::int, $8::int, $9::text[], $10::text[], $11, $13 from judged where outcome = 'set'
    on conflict (tenant_id, agent_name, skill_id) do update set first_answer_ms = excluded.first_answer_ms,
      task_ms = excluded.task_ms, calls_max = excluded.calls_max, queue_ms_max = excluded.queue_ms_max,
      hedge_ms = excluded.hedge_ms, fallback = excluded.fallback, fallback_on = excluded.fallback_on,
      partial_results = excluded.partial_results, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $12::uuid, $13, $14, case outcome when 'set' then $15 else 'refused' end, $16, $17, $18::jsonb from judged
  )
  select outcome from judged`;

/** Sets a policy and writes the audit entry; only the entry, as refused, when the tenant has no such agent, fallback agent or skill. */
function setPolicy(
  tenantId: TenantId,
  { agentName, skillId, settings }: PolicySubject & { readonly settings: ResilienceSettings },
  entry: NewAuditEntry,
): Statement<{ readonly outcome: PolicyOutcome }> {
  return {
    name: 'set-policy',
    text: setPolicyText,
    values: [
      uuidOf(tenantId),
      agentName,
      skillId ?? '',
      settings.firstAnswerMs,
      settings.taskMs,
      settings.callsMax,
      settings.queueMsMax,
      settings.hedgeMs,
      settings.fallback,
      settings.fallbackOn,
      settings.partialResults,
      ...auditEntryValues(entry),
    ],
  };
}

const unsetPolicyText = `
  with gone as (
    delete from colloquy.resilience_policies where tenant_id = $1 and agent_name = $2 and skill_id = $3
    returning agent_name
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $4::uuid, $5, $6, $7, $8, $9, $10::jsonb from gone
  )
  select agent_name from gone`;

/** Removes a policy and writes the audit entry; no row when none was set. */
function unsetPolicy(tenantId: TenantId, { agentName, skillId }: PolicySubject, entry: NewAuditEntry): Statement {
  return {
    name: 'unset-policy',
    text: unsetPolicyText,
    values: [uuidOf(tenantId), agentName, skillId ?? '', ...auditEntryValues(entry)],
  };
}
