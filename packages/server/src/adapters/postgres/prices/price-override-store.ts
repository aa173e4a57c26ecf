import type { JsonObject } from '@colloquy/protocol';
import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  NewPriceOverride,
  PriceOverride,
  PriceOverrideOutcome,
  PriceOverrideStore,
} from '../../../modules/prices/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Price overrides in PostgreSQL, over a pool of the application's role. */
export function createPriceOverrideStore(pool: DatabasePool): PriceOverrideStore {
  const change = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async list(tenantId, { after, limit }) {
      const statement = listOverrides(tenantId, after, limit + 1);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return pageOf(rows.map(overrideOf), limit, cursorOf);
    },
    async set(tenantId, override, entry) {
      const [row] = await change(tenantId, setOverride(tenantId, override, entry));
      if (row === undefined) return 'agent-unknown';
      return row.outcome === 'set' ? overrideOf(row) : row.outcome;
    },
    async unset(tenantId, subject, { effectiveFrom, entry }) {
      const [row] = await change(tenantId, unsetOverrides(tenantId, { subject, effectiveFrom }, entry));
      return row?.gone ?? 0;
    },
  };
}

export const priceOverridePorts = (pool: DatabasePool) => ({ priceOverrides: createPriceOverrideStore(pool) });

interface OverrideRow {
  readonly agent_name: string;
  readonly skill_id: string;
  readonly effective_from: Date;
  readonly price: JsonObject;
  readonly is_in_force: boolean;
  readonly changed_by: string;
  readonly changed_at: Date;
}

function overrideOf(row: OverrideRow): PriceOverride {
  return {
    subject: { agentName: row.agent_name, skillId: row.skill_id === '' ? null : row.skill_id },
    effectiveFrom: row.effective_from,
    price: row.price,
    isInForce: row.is_in_force,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

function cursorOf({ subject: { agentName, skillId }, effectiveFrom }: PriceOverride): string {
  return `${agentName} ${effectiveFrom.getTime()} ${skillId ?? ''}`;
}

const columns = `o.agent_name, o.skill_id, o.effective_from, o.price, o.changed_by, o.changed_at,
  o.effective_from <= colloquy.now_utc() and not exists (
    select from colloquy.price_overrides later
    where later.tenant_id = o.tenant_id and later.agent_name = o.agent_name and later.skill_id = o.skill_id
      and later.effective_from > o.effective_from and later.effective_from <= colloquy.now_utc()
  ) as is_in_force`;

const listText = `
select ${columns} from colloquy.price_overrides o
where o.tenant_id = $1 and (o.agent_name, o.skill_id, o.effective_from) > ($2, $3, $4::timestamptz)
order by o.agent_name, o.skill_id, o.effective_from limit $5`;

function listOverrides(tenantId: TenantId, after: string | null, rows: number): Statement<OverrideRow> {
  const [, agentName = '', fromMs = '0', skillId = ''] = /^(\S*) (\d+) (.*)$/u.exec(after ?? '') ?? [];
  const from = new Date(Math.min(Number(fromMs), 8.64e15)).toISOString();
  return { name: 'list-price-overrides', text: listText, values: [uuidOf(tenantId), agentName, skillId, from, rows] };
}

const setText = `
  with named as (
    select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  ), wanted as (
    select coalesce($4::timestamptz, date_trunc('milliseconds', colloquy.now_utc())) as effective_from
  ), judged as (
    select case
      when not exists (select from named) then 'agent-unknown'
      when $3 <> '' and not exists (
        select from colloquy.skills k join named n on n.agent_id = k.agent_id where k.tenant_id = $1 and k.skill_id = $3
      ) then 'skill-unknown'
      when (
        select count(*) from colloquy.price_overrides o, wanted w where o.tenant_id = $1 and o.agent_name = $2
          and not (o.skill_id = $3 and o.effective_from = w.effective_from)
      ) >= $6::int then 'too-many'
      else 'set' end as outcome
  ), chosen as (
    insert into colloquy.price_overrides as o (tenant_id, agent_name, skill_id, effective_from, price, changed_by)
    select $1::uuid, $2, $3, w.effective_from, $5::jsonb, $8 from judged, wanted w where outcome = 'set'
    on conflict (tenant_id, agent_name, skill_id, effective_from) do update
      set price = excluded.price, changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning ${columns}
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $7::uuid, $8, $9, case outcome when 'set' then $10 else 'refused' end, $11, $12, $13::jsonb from judged
  )
  select judged.outcome, chosen.* from judged left join chosen on true`;

/** Sets a price and writes the audit entry; only the entry, as refused, when it cannot be set. */
function setOverride(
  tenantId: TenantId,
  { subject: { agentName, skillId }, price, effectiveFrom }: NewPriceOverride,
  entry: NewAuditEntry,
): Statement<OverrideRow & { readonly outcome: 'set' | PriceOverrideOutcome }> {
  return {
    name: 'set-price-override',
    text: setText,
    values: [
      uuidOf(tenantId),
      agentName,
      skillId ?? '',
      effectiveFrom,
      JSON.stringify(price),
      limits.priceOverridesMax,
      ...auditEntryValues(entry),
    ],
  };
}

const unsetText = `
  with gone as (
    delete from colloquy.price_overrides
    where tenant_id = $1 and agent_name = $2 and skill_id = $3 and ($4::timestamptz is null or effective_from = $4)
    returning effective_from
  ), counted as (
    select count(*)::int as gone from gone
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $5::uuid, $6, $7, $8, $9, $10, $11::jsonb from counted where gone > 0
  )
  select gone from counted`;

/** Removes prices and writes the audit entry; neither when there is none. */
function unsetOverrides(
  tenantId: TenantId,
  { subject: { agentName, skillId }, effectiveFrom }: Pick<NewPriceOverride, 'subject' | 'effectiveFrom'>,
  entry: NewAuditEntry,
): Statement<{ readonly gone: number }> {
  return {
    name: 'unset-price-overrides',
    text: unsetText,
    values: [uuidOf(tenantId), agentName, skillId ?? '', effectiveFrom, ...auditEntryValues(entry)],
  };
}
