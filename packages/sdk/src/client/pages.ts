/** The arguments of an operation that answers page by page; undefined where it needs none. */
export type PageArguments = { readonly after?: string | undefined } | undefined;

/** A list operation of the admin client, such as `admin.listAgents`. */
export type ListMethod<Query extends PageArguments, Page> = (query: Query) => Promise<Page>;

/** The pages of a list from `query.after` on, each fetched when it is read. `limit` bounds the items of one page. */
export async function* pages<Query extends PageArguments, Page extends { readonly next?: string | undefined }>(
  list: ListMethod<Query, Page>,
  query: NonNullable<Query>,
): AsyncGenerator<Page, void, undefined> {
  for (let next: NonNullable<Query> | undefined = query; next !== undefined;) {
    const page: Page = await list(next);
    yield page;
    next = page.next === undefined ? undefined : { ...query, after: page.next };
  }
}

/** The items of a list, fetched page by page. */
export async function* items<Query extends PageArguments, Item>(
  list: ListMethod<Query, { readonly items: readonly Item[]; readonly next?: string | undefined }>,
  query: NonNullable<Query>,
): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages(list, query)) yield* page.items;
}
