import { items } from '@colloquy/sdk/client';
import type { ListMethod, PageArguments } from '@colloquy/sdk/client';

const itemsMax = 10_000;
const pageItems = 100;

/** Every item of a list operation, up to a bound that a person would not read past. */
export async function allItems<Query extends PageArguments, Item>(
  list: ListMethod<Query, { readonly items: readonly Item[]; readonly next?: string | undefined }>,
  query: NonNullable<Query>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items(list, { limit: pageItems, ...query })) {
    if (found.push(item) >= itemsMax) break;
  }
  return found;
}
