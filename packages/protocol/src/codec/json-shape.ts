import type { JsonObject, JsonValue } from '../model/index.ts';

/** A JSON object whose members are still undecoded. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a JSON array whose items are still undecoded. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether a value is JSON of at most so many levels of objects and arrays. Ends on cyclic values, by depth. */
export function isJson(value: unknown, depthMax: number): value is JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      if (depthMax === 0) return false;
      return (isList(value) ? value : Object.values(value)).every((item) => isJson(item, depthMax - 1));
    default:
      return false;
  }
}

/** Whether a value is a JSON object of at most so many levels, itself included. */
export function isStruct(value: unknown, depthMax: number): value is JsonObject {
  return isRecord(value) && isJson(value, depthMax);
}

/** The keys whose absence the model allows get an explicit `undefined`; the others keep their type. */
type Complete<T> = { [K in keyof T]-?: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/**
 * The object without its undefined members, in the order written. Every member of the model must be written down, so
 * that a new field does not compile until each codec has an answer for it.
 */
export function present<T extends object>(complete: Complete<T>): T {
  const kept: Partial<Record<string, unknown>> = {};
  for (const key in complete) if (complete[key] !== undefined) kept[key] = complete[key];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly the optional members can have been dropped
  return kept as T;
}

const snakeNames = new Map<string, string>();

/** The proto spelling of a field name. Only called with the fixed names of the codec, which bounds the cache. */
export function snakeCase(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snakeNames.set(name, snake);
  return snake;
}
