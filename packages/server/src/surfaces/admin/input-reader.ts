import { readJson } from '@colloquy/protocol/json';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Static, TObject, TSchema } from 'typebox';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { onFirstUse } from '../../kernel/on-first-use.ts';

interface Violation {
  readonly field: string;
  readonly description: string;
}

const violationsMax = 50;
const integerText = /^-?\d{1,15}$/;
const compiler = onFirstUse(
  () =>
    new Ajv2020({
      allErrors: true,
      strict: true,
      // They describe answers and are documentation here; patterns judge what comes in.
      formats: { 'date-time': true, uri: true, uuid: true },
    }),
);

/** Reads query strings by a schema of flat properties. Numbers are written in decimal digits; a repeated name is refused. */
export function queryReader<Schema extends TObject>(schema: Schema): (query: unknown) => Static<Schema> {
  const read = reader(schema);
  const properties = Object.entries(schema.properties);
  const integers = new Set(properties.filter(([, property]) => isInteger(property)).map(([name]) => name));
  return (query) => {
    refuseNul(query ?? {});
    const entries = Object.entries(query ?? {}).map(([name, value]: [string, unknown]): [string, unknown] => {
      const isNumber = integers.has(name) && typeof value === 'string' && integerText.test(value);
      return [name, isNumber ? Number(value) : value];
    });
    return read(Object.fromEntries(entries));
  };
}

/** PostgreSQL has no text with NUL. Bodies are read by a reader that refuses it anywhere. */
export function refuseNul(query: object): void {
  const found = Object.entries(query).find(([, value]) => typeof value === 'string' && value.includes('\0'));
  if (found !== undefined) throw invalid([{ field: found[0].slice(0, 200), description: 'must not contain NUL' }]);
}

/** Reads a JSON body by its schema; with no schema the answer is null, whatever was sent. */
export function bodyReader<Schema extends TSchema | null, Value>(schema: Schema): (bytes: Uint8Array | null) => Value {
  const read = schema === null ? () => null : jsonReader(reader(schema));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Value is the static type of the schema, or null
  return read as (bytes: Uint8Array | null) => Value;
}

function jsonReader<Value>(read: (value: unknown) => Value): (bytes: Uint8Array | null) => Value {
  return (bytes) => {
    if (bytes === null || bytes.length === 0) throw invalid([{ field: '', description: 'a JSON body is required' }]);
    const reading = readJson(bytes, { depthMax: limits.jsonDepthMax });
    if (reading.kind === 'refusal') throw invalid([{ field: '', description: reading.message }]);
    return read(reading.value);
  };
}

function reader<Schema extends TSchema>(schema: Schema): (value: unknown) => Static<Schema> {
  const validator = onFirstUse(() => compiler().compile<Static<Schema>>(schema));
  return (value) => {
    const validate = validator();
    if (validate(value)) return value;
    throw invalid((validate.errors ?? []).slice(0, violationsMax).map(violationOf));
  };
}

function violationOf({ instancePath, keyword, params, message }: ErrorObject): Violation {
  const place = instancePath.slice(1).split('/').filter(Boolean).map(unescapePointer);
  const named: unknown = params['additionalProperty'] ?? params['missingProperty'];
  const field = [...place, ...(typeof named === 'string' ? [named] : [])].join('.').slice(0, 200);
  if (keyword === 'additionalProperties') return { field, description: 'is not a field of this request' };
  if (keyword === 'required') return { field, description: 'is required' };
  const allowed: unknown = params['allowedValues'];
  if (Array.isArray(allowed)) return { field, description: `must be one of ${allowed.join(', ')}` };
  return { field, description: message ?? 'is not valid' };
}

/** RFC 6901 section 4. */
function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function invalid(violations: readonly Violation[]): PlatformError {
  return new PlatformError('request.invalid', { violations });
}

function isInteger(schema: TSchema): boolean {
  return 'type' in schema && schema.type === 'integer';
}
