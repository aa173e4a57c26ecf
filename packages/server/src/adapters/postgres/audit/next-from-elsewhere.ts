import type { Statement } from '../statement.ts';
import { entryColumns } from './entry-columns.ts';
import type { EntryRow } from './entry-columns.ts';

/**
 * Entries with a transaction id that this cluster has not assigned yet: they came with a restored dump, so they are committed. Without a
 * restored dump there are none, and the index finds that at once.
 */
const text = `
  select ${entryColumns}
  from colloquy.audit_entries e
  where e.written_in >= pg_snapshot_xmax(pg_current_snapshot())
    and not exists (select from colloquy.audit_chain c where c.tenant_id = e.tenant_id and c.entry_id = e.entry_id)
  order by e.written_in, e.entry_id
  limit $1`;

export function nextFromElsewhere(limit: number): Statement<EntryRow> {
  return { name: 'next-from-elsewhere', text, values: [limit] };
}
