import type { Page } from '@colloquy/sdk/client';

const itemsMax = 10_000;
const pageItems = 100;

/** Every item of a paged list, up to a bound that a person would not read past. */
export async function allPages<T>(
  fetchPage: (page: { readonly after?: string; readonly limit: number }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await fetchPage({ limit: pageItems, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined && items.length < itemsMax);
  return items;
}
