import type { JsonObject, JsonValue } from '../model/index.ts';

/**
 * The canonical text of a JSON value (RFC 8785): members in the order of their names' UTF-16 units, numbers and strings as
 * ECMAScript writes them, nothing between them. Throws `TypeError` for what I-JSON does not hold: a number that is not finite, half
 * of a surrogate pair.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON holds finite numbers only');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // Without a comparison of its own, `sort` goes by UTF-16 units (ECMA-262 section 23.1.3.30), as RFC 8785 section 3.2.3 wants it.
  const members = Object.keys(value)
    .sort()
    .map((name) => `${canonicalString(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('half of a surrogate pair has no UTF-8 form');
  return JSON.stringify(text);
}

/** Whether a JSON value is a list. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a JSON value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
