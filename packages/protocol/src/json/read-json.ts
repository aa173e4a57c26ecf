import type { JsonValue } from '../model/index.ts';
import { findUnsafeEscape } from './escapes.ts';
import { countMembers, findDuplicateKey, tooDeep, tooMany } from './structure.ts';

/** Bounds of {@link readJson}. */
export interface JsonBounds {
  /** Deepest allowed nesting of objects and arrays; a scalar has depth 0. At most {@link jsonDepthCeiling}. */
  readonly depthMax: number;
}

/** Which rule a text broke. `syntax` covers everything JSON.parse rejects. */
export type JsonRefusalReason =
  | 'encoding'
  | 'byte-order-mark'
  | 'syntax'
  | 'depth'
  | 'size'
  | 'duplicate-key'
  | 'nul'
  | 'lone-surrogate'
  | 'number-range';

/** The parsed value, or why there is none. `message` is safe to show and quotes nothing but a duplicate key. */
export type JsonReading =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'refusal'; readonly reason: JsonRefusalReason; readonly message: string };

/** No bound may be looser: later steps (JSON.stringify among them) recurse and would overflow the stack. */
export const jsonDepthCeiling = 512;

/**
 * More objects, lists and commas than this are refused before they take memory: an empty object is two bytes of text and dozens of
 * memory, and a key costs more time than its bytes.
 */
export const jsonValuesCeiling = 250_000;

// JSON.parse is declared to return anything; without a reviver it makes JSON values only.
const parseJson: (text: string) => JsonValue = JSON.parse;

// A TextDecoder without `stream` keeps no state between calls.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads one JSON text (RFC 8259) and refuses, as a value, what JSON.parse lets through but a store, a signature or a
 * second parser would see differently: invalid UTF-8, a byte order mark, duplicate keys, NUL and lone surrogates in
 * any string, numbers that overflow to infinity, nesting beyond the bound, and more values than {@link jsonValuesCeiling}. A key named `__proto__` becomes an
 * ordinary own property. Never throws. Time is linear in the input; the caller bounds its size.
 */
export function readJson(input: Uint8Array | string, { depthMax }: JsonBounds): JsonReading {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (text === undefined) return refusal('encoding', 'the text is not valid UTF-8');
  if (text.charCodeAt(0) === 0xfeff)
    return refusal('byte-order-mark', 'the text must not start with a byte order mark');
  if (typeof input === 'string' && !text.isWellFormed()) return loneSurrogate();
  const escaped = text.includes('\\');
  const members = countMembers(text, {
    depthMax: Math.min(depthMax, jsonDepthCeiling),
    valuesMax: jsonValuesCeiling,
    escaped,
  });
  if (members === tooDeep) return refusal('depth', `the text nests deeper than ${depthMax} levels`);
  if (members === tooMany) return refusal('size', `the text has more than ${jsonValuesCeiling} values`);
  const unsafe = escaped ? findUnsafeEscape(text) : undefined;
  if (unsafe === 'nul') return refusal('nul', 'strings must not contain U+0000');
  if (unsafe === 'lone-surrogate') return loneSurrogate();
  return parse(text, members);
}

function parse(text: string, members: number): JsonReading {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch {
    return refusal('syntax', 'the text is not valid JSON');
  }
  const tally = { members: 0, finite: true };
  take(value, tally);
  if (!tally.finite) return refusal('number-range', 'a number is too large for a double');
  // JSON.parse keeps one of several equal keys, so a lost member is a duplicate, however it was escaped.
  if (tally.members !== members) return refusal('duplicate-key', `an object repeats the key ${findDuplicateKey(text)}`);
  return { kind: 'value', value };
}

/** Counts what JSON.parse kept. Recursion is safe: the depth is already bounded. */
function take(value: unknown, tally: { members: number; finite: boolean }): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) tally.finite = false;
  } else if (typeof value === 'object' && value !== null) {
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (items !== value) tally.members += items.length;
    for (const item of items) take(item, tally);
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function loneSurrogate(): JsonReading {
  return refusal('lone-surrogate', 'strings must not contain lone surrogates');
}

function refusal(reason: JsonRefusalReason, message: string): JsonReading {
  return { kind: 'refusal', reason, message };
}
