/** A part of a list: at most `limit` items after a cursor. */
export interface PageRequest {
  /** The `next` of the page before; null for the first page. */
  readonly after: string | null;
  /** At least 1. */
  readonly limit: number;
}

/** One part of a list in a stable order. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null when this one is the last. */
  readonly next: string | null;
}

/** Makes a page of `rows` that were read with `limit + 1`, so that the last page is known to be the last. */
export function pageOf<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
