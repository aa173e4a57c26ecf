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
 * The sums of a tenant's entries ($1) before a time: those of the newest checkpoint up to it, and the entries since then.
 * `time` and `checkpointsBefore` are SQL.
 */
export const totalsBefore = (time: string, checkpointsBefore = time): string => `(
  with checkpoint as materialized (
    select until, totals from colloquy.credit_checkpoints
    where tenant_id = $1 and until <= ${checkpointsBefore} order by until desc limit 1
  ), parts as (
    select t.kind, (t.sums ->> 0)::numeric as entries, (t.sums ->> 1)::numeric as amount
    from checkpoint, jsonb_each(checkpoint.totals) t (kind, sums)
    union all
    select kind::text, count(*), sum(amount_microcredits) from colloquy.ledger_entries
    where tenant_id = $1 and created_at >= coalesce((select until from checkpoint), '-infinity') and created_at < ${time}
    group by kind
  )
  select jsonb_object_agg(kind, sums) from (
    select kind, jsonb_build_array(sum(entries)::text, sum(amount)::text) as sums from parts group by kind
  ) summed
)`;
