import type { JsonObject, JsonValue } from '../model/index.ts';
import { wireTypes } from './plan.ts';
import type { Reading } from './reading.ts';

const fieldOf = { null: 1, number: 2, string: 3, bool: 4, struct: 5, list: 6 } as const;

/** Reads a google.protobuf.Struct that ends at `end`. `depth` counts the objects and lists around it, itself included. */
export function readStruct(reading: Reading, end: number, depth: number): JsonObject {
  if (depth > reading.structDepthMax) throw tooDeep(reading);
  const entries: [string, JsonValue][] = [];
  const keys = new Set<string>();
  readFields(reading, end, (number, wireType) => {
    if (number !== 1) return false;
    assertBytes(reading, wireType);
    const entry = readEntry(reading, reading.endOfField(end), depth);
    if (keys.has(entry[0])) throw reading.fault('has a key twice');
    keys.add(entry[0]);
    entries.push(entry);
    return true;
  });
  // Entries become own properties, so that no key can reach a prototype.
  return Object.fromEntries(entries);
}

/** Reads a google.protobuf.Value that ends at `end`: exactly one kind. */
export function readValue(reading: Reading, end: number, depth: number): JsonValue {
  let value: JsonValue | undefined;
  readFields(reading, end, (number, wireType) => {
    const read = readKind(reading, { number, wireType, end, depth });
    if (read === undefined) return false;
    if (value !== undefined) throw reading.fault('has a value of two kinds');
    value = read;
    return true;
  });
  if (value === undefined) throw reading.fault('has a value without a kind; null is one');
  return value;
}

interface Kind {
  readonly number: number;
  readonly wireType: number;
  readonly end: number;
  readonly depth: number;
}

function readKind(reading: Reading, { number, wireType, end, depth }: Kind): JsonValue | undefined {
  const { wire } = reading;
  const isBytes = wireType === wireTypes.bytes;
  if (number === fieldOf.null && wireType === wireTypes.varint) {
    wire.skip();
    return null;
  }
  if (number === fieldOf.bool && wireType === wireTypes.varint) return wire.bool();
  if (number === fieldOf.number && wireType === wireTypes.fixed64) return finite(reading, wire.double());
  if (number === fieldOf.string && isBytes) return reading.text();
  if (number === fieldOf.struct && isBytes) return readStruct(reading, reading.endOfField(end), depth + 1);
  if (number === fieldOf.list && isBytes) return readList(reading, reading.endOfField(end), depth + 1);
  if (number >= fieldOf.null && number <= fieldOf.list) throw wrongWireType(reading);
  return undefined;
}

function readList(reading: Reading, end: number, depth: number): JsonValue[] {
  if (depth > reading.structDepthMax) throw tooDeep(reading);
  const items: JsonValue[] = [];
  readFields(reading, end, (number, wireType) => {
    if (number !== 1) return false;
    assertBytes(reading, wireType);
    items.push(readValue(reading, reading.endOfField(end), depth));
    return true;
  });
  return items;
}

function readEntry(reading: Reading, end: number, depth: number): [string, JsonValue] {
  let key = '';
  let value: JsonValue | undefined;
  readFields(reading, end, (number, wireType) => {
    if (number !== 1 && number !== 2) return false;
    assertBytes(reading, wireType);
    if (number === 1) key = reading.text();
    else value = readValue(reading, reading.endOfField(end), depth);
    return true;
  });
  if (value === undefined) throw reading.fault('has a key without a value');
  return [key, value];
}

/** Hands each field to `read`; one that it does not know is skipped. */
function readFields(reading: Reading, end: number, read: (number: number, wireType: number) => boolean): void {
  const { wire } = reading;
  while (wire.pos < end) {
    const tag = wire.uint32();
    reading.count();
    if (!read(tag >>> 3, tag & 7)) wire.skipType(tag & 7);
  }
  if (wire.pos !== end) throw reading.fault('is cut off');
}

function assertBytes(reading: Reading, wireType: number): void {
  if (wireType !== wireTypes.bytes) throw wrongWireType(reading);
}

function wrongWireType(reading: Reading): Error {
  return reading.fault('has a value of a wrong wire type');
}

/** JSON has no infinities and no -0. */
function finite(reading: Reading, number: number): number {
  if (!Number.isFinite(number)) throw reading.fault('has a number that JSON does not have');
  return number === 0 ? 0 : number;
}

function tooDeep(reading: Reading): Error {
  return reading.fault(`must be JSON of at most ${reading.structDepthMax} levels`);
}
