import { roles, taskStates } from '../model/index.ts';
import { messageSchemaV03, packageV03 } from './schema-v0-3.ts';
import { messageSchema } from './schema.ts';

/** How presence and number of a field work. */
export type FieldLabel = 'implicit' | 'explicit' | 'repeated' | 'map';

/** A field's type. Messages and enums carry what is needed to go on. */
export type FieldType =
  | { readonly kind: 'string' | 'bytes' | 'blob' | 'bool' | 'int32' | 'struct' | 'value' | 'timestamp' }
  | { readonly kind: 'enum'; readonly members: readonly string[] }
  | { readonly kind: 'message'; readonly plan: MessagePlan };

/** One field, ready to be read and written. */
export interface FieldPlan {
  readonly name: string;
  readonly number: number;
  readonly label: FieldLabel;
  readonly type: FieldType;
  /** The tag of the field on the wire: its number and wire type in one. */
  readonly tag: number;
}

/** One message, ready to be read and written. */
export interface MessagePlan {
  readonly fields: readonly FieldPlan[];
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
}

interface OpenPlan extends MessagePlan {
  readonly fields: FieldPlan[];
  readonly byNumber: Map<number, FieldPlan>;
}

const labels: Readonly<Record<string, FieldLabel>> = {
  optional: 'explicit',
  oneof: 'explicit',
  repeated: 'repeated',
  map: 'map',
};

const enums: Readonly<Record<string, readonly string[]>> = {
  TaskState: taskStates,
  // The same but for a second L.
  [`${packageV03}.TaskState`]: taskStates.map((state) =>
    state === 'TASK_STATE_CANCELED' ? 'TASK_STATE_CANCELLED' : state,
  ),
  Role: roles,
};

const plainTypes: Readonly<Record<string, FieldType>> = {
  string: { kind: 'string' },
  bytes: { kind: 'bytes' },
  blob: { kind: 'blob' },
  bool: { kind: 'bool' },
  int32: { kind: 'int32' },
  Struct: { kind: 'struct' },
  Value: { kind: 'value' },
  Timestamp: { kind: 'timestamp' },
};

/** Wire types of protobuf: how long a field is. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;

const plans: ReadonlyMap<string, OpenPlan> = new Map(
  Object.keys({ ...messageSchema, ...messageSchemaV03 }).map((name) => [name, { fields: [], byNumber: new Map() }]),
);

for (const [name, fields] of Object.entries({ ...messageSchema, ...messageSchemaV03 })) {
  const plan = openPlan(name);
  const scope = name.slice(0, name.lastIndexOf('.') + 1);
  for (const [fieldName, description] of Object.entries(fields)) {
    const field = fieldPlan(fieldName, description, scope);
    plan.fields.push(field);
    plan.byNumber.set(field.number, field);
  }
}

/** The plan of a message; the name is one of the schema's. */
export function messagePlan(name: string): MessagePlan {
  return openPlan(name);
}

function openPlan(name: string): OpenPlan {
  const plan = plans.get(name);
  if (plan === undefined) throw new TypeError(`The schema has no message ${name}.`);
  return plan;
}

function fieldPlan(name: string, description: string, scope: string): FieldPlan {
  const words = description.split(' ');
  const number = Number(words[0]);
  const label = words.length === 3 ? labels[words[1] ?? ''] : 'implicit';
  if (label === undefined) throw new TypeError(`The schema has no label ${description}.`);
  const type = fieldType(words.at(-1) ?? '', scope);
  const isVarint = label !== 'map' && (type.kind === 'bool' || type.kind === 'int32' || type.kind === 'enum');
  return { name, number, label, type, tag: (number << 3) | (isVarint ? wireTypes.varint : wireTypes.bytes) };
}

/** A type by its name in a package, else by its name alone. */
function fieldType(name: string, scope: string): FieldType {
  const members = enums[scope + name] ?? enums[name];
  if (members !== undefined) return { kind: 'enum', members };
  return plainTypes[name] ?? { kind: 'message', plan: plans.get(scope + name) ?? openPlan(name) };
}
