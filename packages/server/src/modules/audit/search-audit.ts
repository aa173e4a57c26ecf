import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { AuditArchive, AuditSearch, KeptEntry, SearchPlace } from './audit-archive.ts';
import type { AuditFacts } from './audit-entry.ts';
import type { PersonalFacts } from './personal-facts.ts';
import type { EntryToSeal } from './sealed-record.ts';

/** A sealed entry as a search shows it. */
export interface FoundEntry {
  readonly seq: number;
  readonly hash: string;
  readonly entry: EntryToSeal;
  /** The facts with the personal ones opened; the hash covers the stored facts of the entry. */
  readonly facts: AuditFacts;
}

/** The sealed entries of the caller's tenant, newest first. Throws `request.invalid` for an invalid cursor. */
export function searchAudit(deps: { readonly archive: AuditArchive; readonly personal: PersonalFacts }) {
  return async (caller: Caller, { after, limit, ...wanted }: AuditSearch & PageRequest): Promise<Page<FoundEntry>> => {
    const rows = await deps.archive.search(caller.tenant.id, wanted, after === null ? null : placeOf(after), limit + 1);
    const page = pageOf(rows.flatMap(foundOf), limit, ({ seq, entry }) => `${String(microsOf(entry))}_${String(seq)}`);
    const facts = await deps.personal.reveal(
      caller.tenant.id,
      page.items.map(({ entry }) => textsOf(entry)),
    );
    return { ...page, items: page.items.map((found, at) => ({ ...found, facts: facts[at] ?? {} })) };
  };
}

function textsOf({ facts }: EntryToSeal): AuditFacts {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, text(value)]));
}

function foundOf({ seq, hash, entry }: KeptEntry): readonly Omit<FoundEntry, 'facts'>[] {
  return entry === null ? [] : [{ seq, hash, entry }];
}

/** A time of an entry has microseconds, which a Date does not keep. */
function microsOf({ occurredAt }: EntryToSeal): number {
  return Math.floor(Date.parse(occurredAt) / 1_000) * 1_000_000 + Number(occurredAt.slice(20, 26));
}

const cursorShape = /^(\d{1,16})_(\d{1,15})$/;

function placeOf(cursor: string): SearchPlace {
  const [, micros, seq] = cursorShape.exec(cursor) ?? [];
  if (micros !== undefined) return { occurredAtMicros: Number(micros), seq: Number(seq) };
  throw new PlatformError('request.invalid', {
    violations: [{ field: 'after', description: 'must be the next of the page before' }],
  });
}
