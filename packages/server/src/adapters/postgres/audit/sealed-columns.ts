import type { JsonObject } from '@colloquy/protocol';
import type { ContentDigests, KeptEntry } from '../../../modules/audit/index.ts';
import { entryColumns, entryOf } from './entry-columns.ts';
import type { EntryRow } from './entry-columns.ts';

/** A place of a chain with its entry. `c` is the chain, `e` the log. */
export const sealedColumns = `c.seq, encode(c.hash, 'hex') as hash, c.digests, ${entryColumns}`;

type MissingEntry = { readonly [Name in keyof EntryRow]: null };

/** Of an entry that was taken away, all of its columns are null. */
export type SealedRow = (EntryRow | MissingEntry) & {
  readonly seq: bigint;
  readonly hash: string;
  readonly digests: JsonObject | null;
};

/** The entry in a row of the hash chain. */
export function keptEntryOf(row: SealedRow): KeptEntry {
  return {
    seq: Number(row.seq),
    hash: row.hash,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sealer wrote it; a changed one has another hash
    digests: row.digests as ContentDigests | null,
    entry: row.entry_id === null ? null : entryOf(row),
  };
}
