import { limits } from '../../../kernel/limits.ts';
import type { ResultLook, ResultPlace, StoredResult } from '../../../modules/results/index.ts';
import { uuidOf } from '../../../kernel/ids.ts';

/** What is at a place, for one who asks now. */
export interface ResultRow {
  readonly kind: 'fresh' | 'stale' | 'under-way' | 'vacant';
  readonly result: string | null;
  readonly stored_at: Date | null;
}

/** What a row `r` of the asked key means now; `stale` only while somebody fetches a new one. */
export const lookColumns = `case
    when r.fresh_until > colloquy.now_utc() then 'fresh'
    when r.claimed_until > colloquy.now_utc() then case when r.stale_until > colloquy.now_utc() then 'stale' else 'under-way' end
    else 'vacant' end as kind, r.result, r.stored_at`;

export function lookOf(row: ResultRow | undefined): ResultLook {
  if (row === undefined || row.kind === 'vacant') return { kind: 'vacant' };
  if (row.kind === 'under-way' || row.result === null || row.stored_at === null) return { kind: 'under-way' };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- encoded by this platform from decoded answers
  const result = JSON.parse(row.result) as StoredResult;
  return { kind: 'found', found: { result, storedAtMs: row.stored_at.getTime(), isStale: row.kind === 'stale' } };
}

/** Tenant ($1), place ($2) and key ($3). */
export function placeValues({ tenantId, keyHash }: ResultPlace): readonly [string, number, string] {
  return [uuidOf(tenantId), Number.parseInt(keyHash.slice(0, 8), 16) % limits.resultsPerTenantMax, keyHash];
}
