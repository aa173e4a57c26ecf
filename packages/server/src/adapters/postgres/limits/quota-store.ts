import { uuidOf } from '../../../kernel/ids.ts';
import type { QuotaStore, QuotaReport } from '../../../modules/limits/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Counts of sends in PostgreSQL, over a pool of the application's role. One transaction for all tenants that a process counted for. */
export function createQuotaStore(pool: DatabasePool): QuotaStore {
  return {
    async exchange(reports) {
      const tenantIds = [...new Set(reports.map(({ tenantId }) => uuidOf(tenantId)))];
      const [counted] = await whenAvailable(inTransaction(pool, { tenantIds }, [exchangeQuotas(reports)]));
      const byPlace = new Map(counted.rows.map(({ n, sends }) => [n - 1, Number(sends)]));
      return reports.map((_told, at) => byPlace.get(at) ?? 0);
    },
  };
}

interface QuotaCountRow {
  /** Position of the report, from 1. */
  readonly n: number;
  readonly sends: bigint;
}

const exchangeQuotasSql = `
with told as materialized (
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[])
    with ordinality as t (tenant_id, subject_kind, subject_id, period, begins_on, sends, n)
), counted as (
  insert into colloquy.quota_counts as q (tenant_id, subject_kind, subject_id, period, begins_on, sends)
  select tenant_id, subject_kind, subject_id, period, begins_on, sends from told
  order by tenant_id, subject_kind, subject_id collate "C", period, begins_on
  on conflict (tenant_id, subject_kind, subject_id, period, begins_on) do update set sends = q.sends + excluded.sends
  returning *
)
select t.n::integer as n, c.sends from told t
join counted c on c.tenant_id = t.tenant_id and c.subject_kind::text = t.subject_kind and c.subject_id = t.subject_id
  and c.period::text = t.period and c.begins_on = t.begins_on`;

/** Adds the reported sends to the counts and returns the new counts. No count occurs twice. */
function exchangeQuotas(reports: readonly QuotaReport[]): Statement<QuotaCountRow> {
  return {
    name: 'exchange-quotas',
    text: exchangeQuotasSql,
    values: [
      plainArray(reports.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(reports.map(({ kind }) => kind)),
      reports.map(({ subjectId }) => subjectId),
      plainArray(reports.map(({ period }) => period)),
      plainArray(reports.map(({ beginsOn }) => beginsOn)),
      plainArray(reports.map(({ sends }) => sends)),
    ],
  };
}
