/** Values that need no quotes in an array literal: uuids, numbers, times in ISO 8601, and words of our own. */
export type PlainValue = string | number | bigint | null;

/**
 * An array literal of values that need no quoting, as one string. The driver would look for quotes and backslashes in each of
 * the thousands of uuids and numbers of a batch.
 */
export function plainArray(values: readonly PlainValue[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** Separates JSON texts: JSON escapes every control character, so none contains it (RFC 8259 section 7). SQL: `chr(30)`. */
const separator = '\u001e';

/** JSON texts as one string, for `string_to_array(…, chr(30))`; as an array literal every quote in them would be escaped. */
export function joinedJson(texts: readonly string[]): string {
  return texts.join(separator);
}
