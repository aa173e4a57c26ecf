import { items } from '@colloquy/sdk/client';
import type { ListMethod, PageArguments } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import type { OptionSpecs } from './command.ts';

/** A bound that a person would not read past. */
export const itemsMax = 10_000;
const pageItems = 100;
const itemsDefault = 50;

/** The option that bounds how many items a list shows; `items` names them. */
export function limitOption(items: string): OptionSpecs {
  const description = `Number of ${items} to show at most; default ${itemsDefault}`;
  return { limit: { type: 'string', value: 'n', description } };
}

/** How many items `--limit` asks for. */
export function itemsWantedBy(args: Pick<Arguments, 'wholeNumber'>): number {
  return args.wholeNumber('limit', 1, itemsMax) ?? itemsDefault;
}

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
