import { Type } from 'typebox';
import type { Static, TArray, TObject, TOptional, TSchema, TString } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';

/** Every object that comes in or goes out is closed. */
export const closed = { additionalProperties: false } as const;

const componentName = Symbol('component name');

/** Names a schema in the OpenAPI document; one without a name stands where it is used. */
export function component<Schema extends TSchema>(name: string, schema: Schema): Schema {
  return Object.defineProperty(schema, componentName, { value: name });
}

/** The name that `component` gave; null for none. */
export function componentNameOf(schema: object): string | null {
  const name: unknown = Reflect.get(schema, componentName);
  return typeof name === 'string' ? name : null;
}

const cursor = Type.String({ minLength: 1, maxLength: 200, description: 'The `next` of the page before.' });
const pageLimit = Type.Integer({
  minimum: 1,
  maximum: limits.pageItemsMax,
  default: limits.pageItemsDefault,
  description: 'Items wanted at most.',
});

export const pageFields = { after: Type.Optional(cursor), limit: Type.Optional(pageLimit) };
export const pageQuery = Type.Object(pageFields, closed);

export function pageRequestOf({ after, limit }: Static<typeof pageQuery>): PageRequest {
  return { after: after ?? null, limit: limit ?? limits.pageItemsDefault };
}

/** The schema of one page of a list. */
export function pageOfSchema<Item extends TSchema>(
  item: Item,
): TObject<{ items: TArray<Item>; next: TOptional<TString> }> {
  const next = Type.String({ description: 'Give it as `after` for the next page; absent on the last page.' });
  return Type.Object({ items: Type.Array(item), next: Type.Optional(next) }, closed);
}

/** A page as it goes out. */
export function pageAnswer<Item, Answer>(
  { items, next }: Page<Item>,
  answerOf: (item: Item) => Answer,
): { items: Answer[]; next?: string } {
  return { items: items.map(answerOf), ...(next === null ? {} : { next }) };
}

/** The optional name of a principal. */
export const principalName = Type.Optional(
  Type.String({ description: 'Its name; absent when it is external, was erased or is not of the tenant.' }),
);

/** The members that say which principal sent a task. */
export function ownerOf(ownerId: string, names: ReadonlyMap<string, string>): { ownerId: string; ownerName?: string } {
  const ownerName = names.get(ownerId);
  return { ownerId, ...(ownerName === undefined ? {} : { ownerName }) };
}

export const time = (description: string): TString => Type.String({ format: 'date-time', description });
