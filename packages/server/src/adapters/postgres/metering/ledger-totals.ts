import type { LedgerEntryKind, LedgerTotals } from '../../../modules/metering/index.ts';

/** `{kind: [number of entries, micro-credits]}`, both as text, which stays exact. */
export type TotalsJson = Readonly<Partial<Record<LedgerEntryKind, readonly [string, string]>>> | null;

export function totalsOf(json: TotalsJson): LedgerTotals {
  const kinds = Object.entries(json ?? {});
  return Object.fromEntries(
    kinds.map(([kind, [entries, amount]]) => [kind, { entries: BigInt(entries), amountMicrocredits: BigInt(amount) }]),
  );
}

/**
 * The sums of a tenant's entries ($1) before a time, which is SQL: those of the newest checkpoint up to it, and the entries since then. The entries are
 * joined: below a row policy, a comparison with a subquery uses no index.
 */
export const totalsBefore = (time: string): string => `(
  with checkpoint as materialized (
    select until, totals from (
      (select until, totals from colloquy.credit_checkpoints where tenant_id = $1 and until <= ${time} order by until desc limit 1)
      union all select '-infinity', '{}'
    ) c order by until desc limit 1
  ), parts as (
    select t.kind, (t.sums ->> 0)::numeric as entries, (t.sums ->> 1)::numeric as amount
    from checkpoint, jsonb_each(checkpoint.totals) t (kind, sums)
    union all
    select e.kind::text, count(*), sum(e.amount_microcredits) from checkpoint
    join colloquy.ledger_entries e on e.tenant_id = $1 and e.created_at >= checkpoint.until and e.created_at < ${time}
    group by e.kind
  )
  select jsonb_object_agg(kind, sums) from (
    select kind, jsonb_build_array(sum(entries)::text, sum(amount)::text) as sums from parts group by kind
  ) summed
)`;

/** The same from every entry. */
export const totalsOfAll = `(
  select jsonb_object_agg(kind, sums) from (
    select kind::text, jsonb_build_array(count(*)::text, sum(amount_microcredits)::text) as sums
    from colloquy.ledger_entries where tenant_id = $1 group by kind
  ) summed
)`;
