import { items } from '@colloquy/sdk/client';
import type { ListMethod, PageArguments } from '@colloquy/sdk/client';

/** A bound that a person would not read past. */
export const itemsMax = 10_000;
const pageItems = 100;

/** The first items of a list operation, as many as are wanted. */
export async function allItems<Query extends PageArguments, Item>(
  list: ListMethod<Query, { readonly items: readonly Item[]; readonly next?: string | undefined }>,
  query: NonNullable<Query>,
  itemsWanted: number = itemsMax,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items(list, { limit: Math.min(pageItems, itemsWanted), ...query })) {
    if (found.push(item) >= itemsWanted) break;
  }
  return found;
}
