import { DecodeError } from '../errors/index.ts';
import type { FieldViolation } from '../errors/index.ts';
import type { JsonObject, JsonValue } from '../model/index.ts';
import { isJson, isList, isRecord, isStruct, snakeCase } from './json-shape.ts';
import type { JsonRecord } from './json-shape.ts';
import type { DecodeLimits } from './limits.ts';
import { base64Bytes, fitsUtf8, isInt32, normaliseBase64, normaliseTimestamp } from './scalars.ts';

/** State shared by all objects of one decoding. */
interface Decoding {
  readonly limits: DecodeLimits;
  readonly violations: FieldViolation[];
}

/** Where an object hangs: inside `parent`, under a name and possibly an index. */
interface Place {
  readonly parent: Fields;
  readonly name: string;
  readonly index?: number | undefined;
}

/** Violations listed per request; one is enough to refuse it. */
const violationsMax = 32;

const pathCharsMax = 256;

const empty: JsonRecord = {};

/** Decodes one object with all its violations, or throws a {@link DecodeError} that lists them. */
export function decodeObject<T>(value: unknown, limits: DecodeLimits, decode: (fields: Fields) => T): T {
  if (!isRecord(value)) throw new DecodeError([{ field: '', description: 'must be an object' }]);
  const decoding: Decoding = { limits, violations: [] };
  const decoded = decode(new Fields(value, decoding));
  if (decoding.violations.length > 0) throw new DecodeError(decoding.violations);
  return decoded;
}

/**
 * Typed access to the fields of one JSON object under the ProtoJSON rules: lowerCamelCase or snake_case names, null
 * as absent, unknown fields ignored. A broken rule is noted under the field's path and a placeholder returned, so
 * that one pass finds them all; {@link decodeObject} never lets a placeholder out.
 *
 * `required…` readers note absence. Optional strings and lists read their default (empty) as absent, as protobuf does.
 */
export class Fields {
  readonly #record: JsonRecord;
  readonly #decoding: Decoding;
  readonly #place: Place | undefined;

  constructor(record: JsonRecord, decoding: Decoding, place?: Place) {
    this.#record = record;
    this.#decoding = decoding;
    this.#place = place;
  }

  /** The raw value under a field's name, either spelling; null counts as absent. */
  value(name: string): unknown {
    const plain = this.#record[name] ?? undefined;
    const snake = snakeCase(name);
    if (snake === name) return plain;
    const other = this.#record[snake] ?? undefined;
    if (plain !== undefined && other !== undefined) this.violate(name, `is given twice, also as ${snake}`);
    return plain ?? other;
  }

  /** Notes a broken rule at a field of this object; the empty name is the object itself. */
  violate(name: string, description: string, index?: number): void {
    if (this.#decoding.violations.length >= violationsMax) return;
    const item = index === undefined ? name : `${name}[${index}]`;
    const above = this.#path();
    const path = above === '' || item === '' ? above + item : `${above}.${item}`;
    // Map keys are the sender's own words, of any length.
    const field = path.length > pathCharsMax ? path.slice(0, pathCharsMax).toWellFormed() : path;
    this.#decoding.violations.push({ field, description });
  }

  /** A non-empty id. */
  requiredId(name: string): string {
    return this.optionalId(name) ?? this.#missing(name, '');
  }

  /** An id; empty is absent. */
  optionalId(name: string): string | undefined {
    const id = this.#string(name, this.limits.idCharsMax);
    return id === '' ? undefined : id;
  }

  /** A non-empty string. */
  requiredString(name: string): string {
    return this.optionalString(name) ?? this.#missing(name, '');
  }

  /** A string; empty is absent. */
  optionalString(name: string): string | undefined {
    const text = this.presentString(name);
    return text === '' ? undefined : text;
  }

  /** A string whose presence is tracked: empty and absent differ. */
  presentString(name: string): string | undefined {
    return this.#string(name, this.limits.stringCharsMax);
  }

  /** The text of a text part, bounded in bytes. */
  text(name: string): string {
    const text = this.#string(name, Number.MAX_SAFE_INTEGER) ?? '';
    const bytesMax = this.limits.textBytesMax;
    if (!fitsUtf8(text, bytesMax)) this.violate(name, `must have at most ${bytesMax} bytes`);
    return text;
  }

  /** The bytes of a raw part, as padded standard base64. */
  base64(name: string): string {
    const padded = normaliseBase64(this.#string(name, Number.MAX_SAFE_INTEGER) ?? '');
    if (padded === undefined) this.violate(name, 'must be base64 (RFC 4648) without stray bits');
    const bytesMax = this.limits.rawBytesMax;
    if (base64Bytes(padded ?? '') > bytesMax) this.violate(name, `must stand for at most ${bytesMax} bytes`);
    return padded ?? '';
  }

  /** A boolean; presence is tracked. */
  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.violate(name, 'must be true or false');
    return undefined;
  }

  /** A boolean whose default, false, is absent. */
  flag(name: string): true | undefined {
    return this.boolean(name) === true ? true : undefined;
  }

  /** An int32, as a number or as ProtoJSON's decimal string; presence is tracked. */
  int32(name: string, range: { readonly min: number; readonly max?: number }): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
    if (!isInt32(number)) {
      this.violate(name, 'must be a 32-bit integer');
      return undefined;
    }
    if (number < range.min) this.violate(name, `must be at least ${range.min}`);
    if (range.max !== undefined && number > range.max) this.violate(name, `must be at most ${range.max}`);
    // -0 would be written as 0 and so differ from itself.
    return number === 0 ? 0 : number;
  }

  /** An enum constant by name or protobuf number; `members` is indexed by number. */
  enumeration<T extends string>(name: string, members: readonly T[]): T | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const member = typeof value === 'number' ? members[value] : members.find((candidate) => candidate === value);
    if (member === undefined) this.violate(name, `must be one of ${members.join(', ')}`);
    return member;
  }

  /** An enum constant other than the first, which means "unspecified". */
  requiredEnumeration<T extends string>(name: string, members: readonly [T, ...T[]]): T {
    const member = this.enumeration(name, members);
    if (member === undefined) return this.value(name) === undefined ? this.#missing(name, members[0]) : members[0];
    if (member === members[0]) this.violate(name, `must not be ${member}`);
    return member;
  }

  /** A time, normalised to UTC with milliseconds. */
  timestamp(name: string): string | undefined {
    const text = this.#string(name, this.limits.stringCharsMax);
    if (text === undefined) return undefined;
    const time = normaliseTimestamp(text);
    if (time === undefined) this.violate(name, 'must be an RFC 3339 time');
    return time;
  }

  /** A free-form object, kept as it is. */
  struct(name: string): JsonObject | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const depthMax = this.limits.structDepthMax;
    if (isStruct(value, depthMax)) return value;
    this.violate(name, isRecord(value) ? `must be JSON of at most ${depthMax} levels` : 'must be an object');
    return undefined;
  }

  /** Any JSON value, kept as it is; here null is a value. */
  json(name: string): JsonValue {
    const value = this.#record[name];
    const depthMax = this.limits.structDepthMax;
    if (isJson(value, depthMax)) return value;
    this.violate(name, `must be JSON of at most ${depthMax} levels`);
    return null;
  }

  /** The one present name of a protobuf oneof. With none or several, notes it and answers undefined. */
  oneOf<T extends string>(names: readonly T[]): T | undefined {
    const present = names.filter((name) => this.value(name) !== undefined);
    return this.exactlyOne(names, present);
  }

  /** As {@link oneOf}, for a caller that has found out which members are present. */
  exactlyOne<T extends string>(names: readonly T[], present: readonly T[]): T | undefined {
    if (present.length === 1) return present[0];
    const found = present.length === 0 ? 'none is' : `${present.join(', ')} are`;
    this.violate('', `must have exactly one of ${names.join(', ')}; ${found} present`);
    return undefined;
  }

  /** Whether a key is present, null included. */
  has(name: string): boolean {
    return this.#record[name] !== undefined;
  }

  /** A nested object. */
  object<T>(name: string, decode: (fields: Fields) => T): T | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (isRecord(value)) return decode(this.#child(value, name));
    this.violate(name, 'must be an object');
    return undefined;
  }

  /** A nested object that must be there. */
  requiredObject<T>(name: string, decode: (fields: Fields) => T): T {
    const value = this.value(name);
    if (isRecord(value)) return decode(this.#child(value, name));
    this.violate(name, value === undefined ? 'is required' : 'must be an object');
    return decode(this.#placeholder());
  }

  /** A list of objects; empty is absent. */
  objects<T>(name: string, itemsMax: number, decode: (fields: Fields) => T): readonly T[] | undefined {
    const items = this.#list(name, this.value(name), itemsMax);
    if (items === undefined || items.length === 0) return undefined;
    return items.map((item, index) => {
      if (isRecord(item)) return decode(this.#child(item, name, index));
      this.violate(name, 'must be an object', index);
      return decode(this.#placeholder());
    });
  }

  /** A list of objects, one at least. */
  requiredObjects<T>(name: string, itemsMax: number, decode: (fields: Fields) => T): readonly T[] {
    const value = this.value(name);
    if (value === undefined) this.violate(name, 'is required');
    else if (isList(value) && value.length === 0) this.violate(name, 'must have one element at least');
    return this.objects(name, itemsMax, decode) ?? [];
  }

  /** A list of strings; empty is absent. */
  strings(name: string, charsMax: number = this.limits.stringCharsMax): readonly string[] | undefined {
    const items = this.#list(name, this.value(name), this.limits.itemsMax);
    return items === undefined || items.length === 0 ? undefined : this.#strings(name, items, charsMax);
  }

  /** This object itself as a map to lists of strings, under keys of the sender's own. */
  ownStringLists(): Readonly<Record<string, readonly string[]>> {
    const { itemsMax, stringCharsMax } = this.limits;
    const pairs = Object.entries(this.#record);
    if (pairs.length > itemsMax) this.violate('', `must have at most ${itemsMax} entries`);
    return Object.fromEntries(
      pairs.slice(0, itemsMax).map(([key, value]) => {
        if (key.length > stringCharsMax) this.violate('', `must have keys of at most ${stringCharsMax} characters`);
        const items = this.#list(key, value ?? undefined, itemsMax) ?? [];
        return [key, this.#strings(key, items, stringCharsMax)];
      }),
    );
  }

  /** The members of this object that a codec has no name for, kept as they are; null counts as absent. */
  otherMembers(known: ReadonlySet<string>): JsonObject {
    const { itemsMax, structDepthMax } = this.limits;
    const others: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(this.#record)) {
      if (known.has(key) || value === null || value === undefined) continue;
      if (isJson(value, structDepthMax)) others.push([key, value]);
      else this.violate(key, `must be JSON of at most ${structDepthMax} levels`);
    }
    if (others.length > itemsMax) this.violate('', `must have at most ${itemsMax} other members`);
    return Object.fromEntries(others.slice(0, itemsMax));
  }

  /** A map to objects; empty is absent. */
  objectMap<T>(name: string, decode: (fields: Fields) => T): Readonly<Record<string, T>> | undefined {
    return this.#map(name, (value, key, entries) => {
      if (isRecord(value)) return decode(entries.#child(value, key));
      entries.violate(key, 'must be an object');
      return decode(entries.#placeholder());
    });
  }

  /** A map to strings; empty is absent. */
  stringMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#map(name, (value, key, entries) => {
      if (typeof value === 'string' && value.length <= entries.limits.stringCharsMax) return value;
      entries.violate(key, `must be a string of at most ${entries.limits.stringCharsMax} characters`);
      return '';
    });
  }

  /** The bounds of this decoding. */
  get limits(): DecodeLimits {
    return this.#decoding.limits;
  }

  /** Entries become own properties, so that no key can reach a prototype. */
  #map<T>(
    name: string,
    decode: (value: unknown, key: string, entries: Fields) => T,
  ): Readonly<Record<string, T>> | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isRecord(value)) {
      this.violate(name, 'must be an object');
      return undefined;
    }
    const entries = this.#child(value, name);
    const pairs = Object.entries(value);
    if (pairs.length === 0) return undefined;
    const { itemsMax, stringCharsMax } = this.limits;
    if (pairs.length > itemsMax) this.violate(name, `must have at most ${itemsMax} entries`);
    if (pairs.some(([key]) => key.length > stringCharsMax)) {
      this.violate(name, `must have keys of at most ${stringCharsMax} characters`);
    }
    return Object.fromEntries(pairs.slice(0, itemsMax).map(([key, item]) => [key, decode(item, key, entries)]));
  }

  #strings(name: string, items: readonly unknown[], charsMax: number): readonly string[] {
    return items.map((item, index) => {
      if (typeof item === 'string' && item.length <= charsMax) return item;
      const rule = typeof item === 'string' ? `must have at most ${charsMax} characters` : 'must be a string';
      this.violate(name, rule, index);
      return '';
    });
  }

  #list(name: string, value: unknown, itemsMax: number): readonly unknown[] | undefined {
    if (value === undefined) return undefined;
    if (!isList(value)) {
      this.violate(name, 'must be an array');
      return undefined;
    }
    if (value.length <= itemsMax) return value;
    this.violate(name, `must have at most ${itemsMax} elements`);
    return undefined;
  }

  #string(name: string, charsMax: number): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') {
      this.violate(name, 'must be a string');
      return undefined;
    }
    if (value.length > charsMax) this.violate(name, `must have at most ${charsMax} characters`);
    return value;
  }

  /** Notes a missing field, unless something worse is already known about it. */
  #missing<T>(name: string, placeholder: T): T {
    const value = this.value(name);
    if (value === undefined || value === '') this.violate(name, 'is required');
    return placeholder;
  }

  #child(record: JsonRecord, name: string, index?: number): Fields {
    return new Fields(record, this.#decoding, { parent: this, name, index });
  }

  /** An empty object whose violations are dropped, because the value that it stands for is already reported. */
  #placeholder(): Fields {
    return new Fields(empty, { limits: this.limits, violations: [] });
  }

  /** Paths are only built for violations: most decodings need none. */
  #path(): string {
    if (this.#place === undefined) return '';
    const { parent, name, index } = this.#place;
    const above = parent.#path();
    return `${above === '' ? '' : `${above}.`}${name}${index === undefined ? '' : `[${index}]`}`;
  }
}
