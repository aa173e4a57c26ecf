import type { SealPlace } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';
import { entryColumns } from './entry-columns.ts';
import type { EntryRow } from './entry-columns.ts';

export interface UnsealedRow extends EntryRow {
  readonly written_in: string;
  readonly is_sealed: boolean;
}

/**
 * Entries behind the place, in the order of the transactions that wrote them, below the oldest transaction that is still open when the
 * statement begins: each transaction below that one has ended, so every entry that it wrote is seen now or never comes. A sealed entry
 * is met again only when the place was set back.
 */
const text = `
  select e.written_in::text as written_in, c.seq is not null as is_sealed, ${entryColumns}
  from (
    select * from colloquy.audit_entries a
    where (a.written_in, a.entry_id) > ($1::xid8, $2::uuid)
      and a.written_in < pg_snapshot_xmin(pg_current_snapshot())
    order by a.written_in, a.entry_id
    limit $3
  ) e
  left join colloquy.audit_chain c on c.tenant_id = e.tenant_id and c.entry_id = e.entry_id
  order by e.written_in, e.entry_id`;

export function nextToSeal(place: SealPlace, limit: number): Statement<UnsealedRow> {
  return { name: 'next-to-seal', text, values: [place.writtenIn, place.entryId, limit] };
}
