import type { Statement } from '../statement.ts';

const text = `
  select coalesce((
    select greatest(0, extract(epoch from colloquy.now_utc() - e.occurred_at) * 1000)::float8
    from colloquy.audit_sealer s
    cross join lateral (
      select a.occurred_at from colloquy.audit_entries a
      where (a.written_in, a.entry_id) > (s.place_in, s.place_entry)
      order by a.written_in, a.entry_id limit 1
    ) e), 0) as lag_ms`;

/** How long the first entry behind the sealer's place has been there. */
export function readSealLag(): Statement<{ readonly lag_ms: number }> {
  return { name: 'read-seal-lag', text, values: [] };
}
