import { DecodeError } from '../errors/index.ts';
import { messagePlan } from './plan.ts';
import type { FieldPlan, FieldType, MessagePlan } from './plan.ts';
import { toBase64, wireReader } from './protobuf.ts';
import { readStruct, readValue } from './read-value.ts';
import { Reading } from './reading.ts';
import { timestampText } from './timestamp.ts';

/** Bounds of {@link readMessage}; those of what it says are the decoder's that gets its result. */
export interface ReadBounds {
  /** Levels of objects and lists inside a `Struct` or `Value`. */
  readonly structDepthMax: number;
}

/** A message as the JSON object that ProtoJSON makes of it, before anybody has judged what it says. */
export type MessageJson = Record<string, unknown>;

/**
 * Reads the protobuf bytes of one message of the schema. Fields without presence are left out at their default, enum
 * constants are numbers, bytes are base64, times RFC 3339. Unknown fields are skipped. Throws {@link DecodeError} for
 * bytes that are no such message, and for what two readers would understand in two ways: a single field given twice, a
 * known number with another wire type, text that is not UTF-8. Never throws anything else.
 */
export function readMessage(name: string, bytes: Uint8Array, { structDepthMax }: ReadBounds): MessageJson {
  const reading = new Reading(wireReader(bytes), structDepthMax);
  try {
    return readFields(reading, messagePlan(name), bytes.length);
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    // The primitives throw RangeError past the end, and plain errors for wire types that there are not.
    throw reading.fault('is not valid protobuf');
  }
}

function readFields(reading: Reading, plan: MessagePlan, end: number): MessageJson {
  const { wire } = reading;
  const json: MessageJson = {};
  while (wire.pos < end) {
    const tag = wire.uint32();
    reading.count();
    const field = plan.byNumber.get(tag >>> 3);
    if (field === undefined) {
      wire.skipType(tag & 7);
      continue;
    }
    reading.path.push(field.name);
    if (tag !== field.tag) throw reading.fault('has another wire type');
    readField(reading, field, json, end);
    reading.path.pop();
  }
  if (wire.pos !== end) throw reading.fault('is cut off');
  return json;
}

function readField(reading: Reading, field: FieldPlan, json: MessageJson, end: number): void {
  const known = json[field.name];
  if (field.label === 'repeated') {
    const list = Array.isArray(known) ? known : (json[field.name] = []);
    reading.path.push(`[${list.length}]`);
    list.push(readOne(reading, field.type, end));
    reading.path.pop();
  } else if (field.label === 'map') {
    const entries: unknown = known ?? (json[field.name] = {});
    if (typeof entries === 'object' && entries !== null) readEntry(reading, field.type, entries, end);
  } else {
    if (known !== undefined) throw reading.fault('is given twice');
    const value = readOne(reading, field.type, end);
    if (field.label === 'explicit' || !isDefault(value)) json[field.name] = value;
  }
}

function readOne(reading: Reading, type: FieldType, end: number): unknown {
  const { wire } = reading;
  switch (type.kind) {
    case 'string':
      return reading.text();
    case 'bytes':
      return toBase64(wire.bytes());
    case 'blob':
      return wire.bytes();
    case 'bool':
      return wire.bool();
    case 'int32':
    case 'enum':
      return wire.int32();
    case 'message':
      return readFields(reading, type.plan, reading.endOfField(end));
    case 'struct':
      return readStruct(reading, reading.endOfField(end), 1);
    case 'value':
      return readValue(reading, reading.endOfField(end), 0);
    case 'timestamp':
      return timestampText(reading, reading.endOfField(end));
  }
}

/** A map is a list of entries with key 1 and value 2; both may be missing, and are then at their default. */
function readEntry(reading: Reading, type: FieldType, entries: object, end: number): void {
  const { wire } = reading;
  const entryEnd = reading.endOfField(end);
  let key = '';
  let value: unknown;
  while (wire.pos < entryEnd) {
    const tag = wire.uint32();
    reading.count();
    if (tag === entryTags.key) key = reading.text();
    else if (tag === entryTags.value) value = readOne(reading, type, entryEnd);
    else wire.skipType(tag & 7);
  }
  if (wire.pos !== entryEnd) throw reading.fault('is cut off');
  if (Object.hasOwn(entries, key)) throw reading.fault('has a key twice');
  const entry = value ?? (type.kind === 'message' ? {} : '');
  // Defined, not assigned, so that no key can reach a prototype.
  Object.defineProperty(entries, key, { value: entry, enumerable: true, configurable: true, writable: true });
}

const entryTags = { key: 0x0a, value: 0x12 } as const;

/** Message fields have presence whatever their label. */
function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}
