import { messagePlan } from './plan.ts';
import type { FieldPlan, FieldType, MessagePlan } from './plan.ts';
import { wireWriter } from './protobuf.ts';
import type { WireWriter } from './protobuf.ts';
import { writeTimestamp } from './timestamp.ts';

/**
 * The protobuf bytes of one message of the schema from its ProtoJSON form: enum constants by name or number, bytes as
 * padded base64, times as RFC 3339. Members that the schema does not know are left out. Throws TypeError for a member of
 * another type: what is encoded has been decoded or made by us.
 */
export function writeMessage(name: string, json: unknown): Uint8Array {
  const writer = wireWriter();
  writeFields(writer, messagePlan(name), json);
  return writer.finish();
}

function writeFields(writer: WireWriter, plan: MessagePlan, json: unknown): void {
  const record = recordOf(json);
  for (const field of plan.fields) {
    const value = record[field.name];
    // Only inside a Value null is content.
    if (value === undefined || (value === null && field.type.kind !== 'value')) continue;
    writeField(writer, field, value);
  }
}

function writeField(writer: WireWriter, field: FieldPlan, value: unknown): void {
  const { label, type, tag } = field;
  if (label === 'repeated') {
    for (const item of listOf(value)) writeOne(writer.uint32(tag), type, item);
  } else if (label === 'map') {
    for (const [key, item] of Object.entries(recordOf(value))) {
      writer.uint32(tag).fork().uint32(0x0a).string(key).uint32(0x12);
      writeOne(writer, type, item);
      writer.ldelim();
    }
  } else if (label === 'explicit' || !isDefault(type, value)) {
    writeOne(writer.uint32(tag), type, value);
  }
}

function writeOne(writer: WireWriter, type: FieldType, value: unknown): void {
  switch (type.kind) {
    case 'string':
      writer.string(textOf(value).toWellFormed());
      return;
    case 'bytes':
      writer.bytes(textOf(value));
      return;
    case 'blob':
      writer.bytes(bytesOf(value));
      return;
    case 'bool':
      writer.bool(value === true);
      return;
    case 'int32':
      writer.int32(numberOf(value));
      return;
    case 'enum':
      writer.int32(constantOf(type.members, value));
      return;
    default:
      writer.fork();
      writeNested(writer, type, value);
      writer.ldelim();
  }
}

function writeNested(writer: WireWriter, type: FieldType, value: unknown): void {
  if (type.kind === 'message') writeFields(writer, type.plan, value);
  else if (type.kind === 'struct') writeStruct(writer, value);
  else if (type.kind === 'value') writeValue(writer, value);
  else writeTimestamp(writer, textOf(value));
}

function writeStruct(writer: WireWriter, value: unknown): void {
  for (const [key, item] of Object.entries(recordOf(value))) {
    writer.uint32(0x0a).fork().uint32(0x0a).string(key.toWellFormed()).uint32(0x12).fork();
    writeValue(writer, item);
    writer.ldelim().ldelim();
  }
}

/** google.protobuf.Value: null 1, number 2, string 3, bool 4, struct 5, list 6. */
function writeValue(writer: WireWriter, value: unknown): void {
  if (value === null) writer.uint32(0x08).int32(0);
  else if (typeof value === 'number') writer.uint32(0x11).double(value);
  else if (typeof value === 'string') writer.uint32(0x1a).string(value.toWellFormed());
  else if (typeof value === 'boolean') writer.uint32(0x20).bool(value);
  else if (Array.isArray(value)) writeList(writer.uint32(0x32).fork(), value);
  else {
    writeStruct(writer.uint32(0x2a).fork(), value);
    writer.ldelim();
  }
}

function writeList(writer: WireWriter, items: readonly unknown[]): void {
  for (const item of items) {
    writer.uint32(0x0a).fork();
    writeValue(writer, item);
    writer.ldelim();
  }
  writer.ldelim();
}

/** Whether a field without presence is at its default. A message has presence. */
function isDefault(type: FieldType, value: unknown): boolean {
  return value === '' || value === 0 || value === false || (type.kind === 'enum' && value === type.members[0]);
}

function constantOf(members: readonly string[], value: unknown): number {
  if (typeof value === 'number') return value;
  const number = members.indexOf(textOf(value));
  if (number === -1) throw unfit('constant');
  return number;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unfit('object');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every object that is no list has members by name
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unfit('list');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw unfit('string');
  return value;
}

function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw unfit('bytes');
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw unfit('number');
  return value;
}

function unfit(wanted: string): TypeError {
  return new TypeError(`A value that is no ${wanted} can not be encoded.`);
}
