import { uuidOf } from '../../../kernel/ids.ts';
import type { QuotaTold } from '../../../modules/limits/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface QuotaCountRow {
  /** Which of what was told, counted from 1. */
  readonly n: number;
  readonly sends: bigint;
}

const text = `
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

/** Adds what was told to the counts and says what they are after it. No count is told twice. */
export function exchangeQuotas(told: readonly QuotaTold[]): Statement<QuotaCountRow> {
  return {
    name: 'exchange-quotas',
    text,
    values: [
      plainArray(told.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(told.map(({ kind }) => kind)),
      told.map(({ subjectId }) => subjectId),
      plainArray(told.map(({ period }) => period)),
      plainArray(told.map(({ beginsOn }) => beginsOn)),
      plainArray(told.map(({ sends }) => sends)),
    ],
  };
}
