import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A JSON Schema as the document of the admin API writes it. */
export type Schema = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Operation {
  readonly operationId: string;
  readonly security: unknown;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** The parts of an OpenAPI document that clients are built from. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Which way data goes: a request has to be accepted by the later schema, an answer to be understood by the former. */
type Direction = 'request' | 'answer';

/** What a client that was built against `former` trips over in `later`, each with its place; empty when it still works. */
export function breaksBetween(former: OpenApi, later: OpenApi): readonly string[] {
  return Object.entries(former.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, was]) => {
      const place = `${method.toUpperCase()} ${path}`;
      const is = later.paths[path]?.[method];
      if (is === undefined) return [`${place}: the operation is gone`];
      return [
        ...(is.operationId === was.operationId
          ? []
          : [`${place}: operationId ${was.operationId} is ${is.operationId}`]),
        ...(isDeepStrictEqual(is.security, was.security) ? [] : [`${place}: it needs other scopes`]),
        ...parameterBreaks(new Comparison('request', { from: former, to: later }), { was, is, place }),
        ...bodyBreaks(new Comparison('request', { from: former, to: later }), { was, is, place }),
        ...answerBreaks(new Comparison('answer', { from: later, to: former }), { was, is, place }),
      ];
    }),
  );
}

interface Pair {
  readonly was: Operation;
  readonly is: Operation;
  readonly place: string;
}

function parameterBreaks(comparison: Comparison, { was, is, place }: Pair): string[] {
  const keyOf = (parameter: Parameter): string => `${parameter.in} parameter ${parameter.name}`;
  const known = new Map(was.parameters.map((parameter) => [keyOf(parameter), parameter]));
  const now = new Map(is.parameters.map((parameter) => [keyOf(parameter), parameter]));
  return [
    ...Array.from(known, ([key, parameter]) => {
      const at = `${place} ${key}`;
      const other = now.get(key);
      return other === undefined ? [`${at}: it is gone`] : comparison.breaks(parameter.schema, other.schema, at);
    }).flat(),
    ...Array.from(now, ([key, { required }]) =>
      required === true && known.get(key)?.required !== true ? [`${place} ${key}: it is required`] : [],
    ).flat(),
  ];
}

function bodyBreaks(comparison: Comparison, { was, is, place }: Pair): string[] {
  const at = `${place} body`;
  if (was.requestBody === undefined) return is.requestBody?.required === true ? [`${at}: it is required`] : [];
  if (is.requestBody === undefined) return [`${at}: it is gone`];
  const isRequired = is.requestBody.required === true && was.requestBody.required !== true;
  return [
    ...(isRequired ? [`${at}: it is required`] : []),
    ...contentBreaks(was.requestBody.content, is.requestBody.content, (type, from, to) =>
      to === undefined ? [`${at}: ${type} is not taken`] : comparison.breaks(from, to, at),
    ),
  ];
}

function answerBreaks(comparison: Comparison, { was, is, place }: Pair): string[] {
  return Object.entries(was.responses).flatMap(([status, answer]) => {
    const at = `${place} ${status}`;
    const other = is.responses[status];
    if (other === undefined) return [`${at}: the status is gone`];
    return contentBreaks(answer.content, other.content, (type, to, from) =>
      from === undefined ? [`${at}: ${type} is not answered`] : comparison.breaks(from, to, at),
    );
  });
}

function contentBreaks(
  was: Content = {},
  is: Content = {},
  compare: (type: string, was: Schema, is: Schema | undefined) => string[],
): string[] {
  return Object.entries(was).flatMap(([type, { schema }]) => compare(type, schema, is[type]?.schema));
}

const ignored = new Set(['description', 'default', 'title', 'examples']);
const compared = new Set(
  (
    '$ref anyOf const enum type format pattern minimum maximum minLength maxLength items minItems maxItems uniqueItems ' +
    'properties required additionalProperties patternProperties minProperties maxProperties'
  ).split(' '),
);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const lowerBounds = ['minimum', 'minLength', 'minItems', 'minProperties'];
const upperBounds = ['maximum', 'maxLength', 'maxItems', 'maxProperties'];

/** Holds schemas of one document, in which data is made, against those of another, in which it is read. */
class Comparison {
  readonly #direction: Direction;
  readonly #from: OpenApi;
  readonly #to: OpenApi;
  /** Pairs of references that are being compared, so that recursion ends. */
  readonly #open = new Set<string>();

  constructor(direction: Direction, { from, to }: { readonly from: OpenApi; readonly to: OpenApi }) {
    this.#direction = direction;
    this.#from = from;
    this.#to = to;
  }

  /** Why the reader's schema does not take everything that the maker's schema allows. */
  breaks(from: Schema, to: Schema, at: string): string[] {
    const pair = `${String(from['$ref'])} ${String(to['$ref'])}`;
    const isReference = '$ref' in from && '$ref' in to;
    if (isReference && this.#open.has(pair)) return [];
    if (isReference) this.#open.add(pair);
    const taken = alternatives(to, this.#to);
    const found = alternatives(from, this.#from).flatMap((one) => {
      const reasons = taken.map((other) => this.#breaksOfOne(one, other, at));
      // The reasons of the alternative that is nearest.
      return reasons.toSorted((a, b) => a.length - b.length)[0] ?? [];
    });
    if (isReference) this.#open.delete(pair);
    return found;
  }

  #breaksOfOne(from: Schema, to: Schema, at: string): string[] {
    for (const word of [...Object.keys(from), ...Object.keys(to)])
      if (!ignored.has(word) && !compared.has(word)) throw new Error(`${at}: the comparison does not know ${word}`);
    if ('const' in to) return this.#breaksOfConstant(from, to, at);
    if ('const' in from && this.#direction === 'request')
      return ajv.validate(to, from['const']) ? [] : [`${at}: ${JSON.stringify(from['const'])} is not taken`];
    if (
      to['type'] !== undefined &&
      typeOf(from) !== to['type'] &&
      !(typeOf(from) === 'integer' && to['type'] === 'number')
    )
      return [`${at}: ${typeOf(from) ?? 'any value'} is not ${JSON.stringify(to['type'])}`];
    return [
      ...this.#breaksOfValue(from, to, at),
      ...this.#breaksOfItems(from, to, at),
      ...this.#breaksOfMembers(from, to, at),
    ];
  }

  /** A request has to have the value. An answer may get further values of the same type, as every list of names grows. */
  #breaksOfConstant(from: Schema, to: Schema, at: string): string[] {
    if ('const' in from && isDeepStrictEqual(from['const'], to['const'])) return [];
    const isGrowth = this.#direction === 'answer' && 'const' in from && typeOf(from) === typeOf(to);
    return isGrowth
      ? []
      : [`${at}: ${JSON.stringify(from['const'] ?? 'any value')} is not ${JSON.stringify(to['const'])}`];
  }

  #breaksOfValue(from: Schema, to: Schema, at: string): string[] {
    const exact = this.#direction === 'request' ? ['format', 'pattern', 'uniqueItems'] : ['format'];
    const changed = exact.filter((word) => to[word] !== undefined && !('const' in from) && from[word] !== to[word]);
    const lower = this.#direction === 'request' ? lowerBounds : [];
    const upper = this.#direction === 'request' ? upperBounds : [];
    return [
      ...changed.map((word) => `${at}: ${word} is ${String(to[word])}`),
      ...lower
        .filter((word) => bound(to, word, -Infinity) > bound(from, word, -Infinity))
        .map((word) => `${at}: ${word} grew`),
      ...upper
        .filter((word) => bound(to, word, Infinity) < bound(from, word, Infinity))
        .map((word) => `${at}: ${word} shrank`),
    ];
  }

  #breaksOfItems(from: Schema, to: Schema, at: string): string[] {
    return to['items'] === undefined ? [] : this.breaks(schemaAt(from, 'items'), schemaAt(to, 'items'), `${at}[]`);
  }

  #breaksOfMembers(from: Schema, to: Schema, at: string): string[] {
    if (typeOf(to) !== 'object') return [];
    const [made, read] = [membersOf(from), membersOf(to)];
    const missing = requiredOf(to).filter((name) => !requiredOf(from).includes(name));
    const further = Object.keys(read).filter((name) => !(name in made) && from['additionalProperties'] !== false);
    return [
      ...missing.map(
        (name) => `${at}.${name}: it is ${this.#direction === 'request' ? 'required' : 'not always there'}`,
      ),
      ...further.map((name) => `${at}.${name}: it could be anything`),
      ...Object.entries(made).flatMap(([name, schema]) => {
        const other = read[name];
        if (other !== undefined) return this.breaks(schema, other, `${at}.${name}`);
        return this.#direction === 'answer' ? [] : this.#breaksOfUnnamed(schema, to, `${at}.${name}`);
      }),
      ...this.#breaksOfOpenMembers(from, to, at),
    ];
  }

  /** A member that the reader's schema does not name. */
  #breaksOfUnnamed(from: Schema, to: Schema, at: string): string[] {
    const others = to['additionalProperties'];
    if (others === false) return [`${at}: it is gone`];
    return typeof others === 'object' && others !== null ? this.breaks(from, { ...others }, at) : [];
  }

  /** Members whose names are data. */
  #breaksOfOpenMembers(from: Schema, to: Schema, at: string): string[] {
    const [made, read] = [schemasIn(from, 'patternProperties'), schemasIn(to, 'patternProperties')];
    const ofPatterns = Object.entries(made).flatMap(([pattern, schema]) => {
      const other = read[pattern];
      return other === undefined
        ? [`${at}: names like ${pattern} are not taken`]
        : this.breaks(schema, other, `${at}.*`);
    });
    if (from['additionalProperties'] === false || 'patternProperties' in from || this.#direction === 'answer')
      return ofPatterns;
    return [...ofPatterns, ...this.#breaksOfUnnamed(schemaAt(from, 'additionalProperties'), to, `${at}.*`)];
  }
}

/** Each schema of a union by itself; an enumeration is a union of constants. */
function alternatives(written: Schema, document: OpenApi): readonly Schema[] {
  const schema = resolved(written, document);
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].flatMap((one: Schema) => alternatives(one, document));
  if (!Array.isArray(schema['enum'])) return [schema];
  const { enum: values, ...others } = schema;
  return values.map((value: unknown) => ({ ...others, const: value }));
}

function resolved(schema: Schema, document: OpenApi): Schema {
  const name = schema['$ref'];
  if (typeof name !== 'string') return schema;
  const found = document.components.schemas[name.replace('#/components/schemas/', '')];
  if (found === undefined) throw new Error(`${name} leads nowhere`);
  return found;
}

function typeOf(schema: Schema): string | undefined {
  if (Array.isArray(schema['type'])) throw new Error('the comparison does not know lists of types');
  if (typeof schema['type'] === 'string') return schema['type'];
  return 'const' in schema ? typeof schema['const'] : undefined;
}

function bound(schema: Schema, word: string, none: number): number {
  return typeof schema[word] === 'number' ? schema[word] : none;
}

function schemaAt(schema: Schema, word: string): Schema {
  const found = schema[word];
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

function schemasIn(schema: Schema, word: string): Readonly<Record<string, Schema>> {
  return schemaAt(schema, word) as Readonly<Record<string, Schema>>;
}

const membersOf = (schema: Schema): Readonly<Record<string, Schema>> => schemasIn(schema, 'properties');
const requiredOf = (schema: Schema): readonly string[] => (schema['required'] ?? []) as readonly string[];
