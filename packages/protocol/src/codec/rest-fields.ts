import { DecodeError } from '../errors/index.ts';
import type { FieldViolation } from '../errors/index.ts';
import { isRecord } from './json-shape.ts';
import type { JsonRecord } from './json-shape.ts';
import type { RestParams } from './rest-routes.ts';

/** The parts of a REST request that carry fields. */
export interface RestRequestParts {
  readonly params: RestParams;
  /** Decoded name and value pairs; a `URLSearchParams` fits. */
  readonly query: Iterable<readonly [name: string, value: string]>;
  /** Parsed JSON, or undefined when there is no body. */
  readonly body: unknown;
}

/** What an operation takes from query and body. */
export interface RestShape {
  /** Query parameters by their camelCase name; others are ignored. */
  readonly query: ReadonlyMap<string, 'text' | 'boolean'>;
  /** Whether a body is read; one where the operation has none is ignored. */
  readonly hasBody: boolean;
}

/**
 * The fields of path, query and body joined into one request message, for the decoders of JSON-RPC params. A field given in two
 * places must agree. Throws {@link DecodeError}.
 */
export function restFields({ query, hasBody }: RestShape, path: JsonRecord, parts: RestRequestParts): JsonRecord {
  const violations: FieldViolation[] = [];
  const body = hasBody ? fieldsOfBody(parts.body) : {};
  const joined = join(body, fieldsOfQuery(query, parts.query, violations), violations);
  const request = join(joined, path, violations);
  if (violations.length > 0) throw new DecodeError(violations);
  return request;
}

/** Only some operations may come without a body; the others fail for what is missing. */
function fieldsOfBody(body: unknown): JsonRecord {
  if (body === undefined) return {};
  if (isRecord(body)) return body;
  throw new DecodeError([{ field: '', description: 'the body must be a JSON object' }]);
}

function fieldsOfQuery(
  names: RestShape['query'],
  query: RestRequestParts['query'],
  violations: FieldViolation[],
): JsonRecord {
  const fields: Record<string, unknown> = {};
  for (const [spelling, text] of query) {
    const name = spelling.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const kind = names.get(name);
    // As in ProtoJSON's reading of empty strings, an empty parameter is an absent one.
    if (kind === undefined || text === '') continue;
    if (Object.hasOwn(fields, name)) violations.push({ field: name, description: 'is given twice' });
    if (text.includes('\0') || !text.isWellFormed())
      violations.push({ field: name, description: 'is not well-formed' });
    fields[name] = kind === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
  }
  return fields;
}

/** Both sets of fields; where they overlap they must agree. */
function join(fields: JsonRecord, others: JsonRecord, violations: FieldViolation[]): JsonRecord {
  for (const [name, value] of Object.entries(others)) {
    const known = fields[name] ?? undefined;
    if (known !== undefined && known !== '' && known !== value) {
      violations.push({ field: name, description: 'differs between path, query and body' });
    }
  }
  return { ...fields, ...others };
}
