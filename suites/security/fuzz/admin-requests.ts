import type { Draw } from '../seeded.ts';
import { bodyOf } from './a2a-requests.ts';
import { pick } from './json-text.ts';
import type { FuzzRequest, Party } from './party.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** An endpoint of the admin API as its OpenAPI document has it. */
export interface AdminCall {
  readonly method: string;
  readonly path: string;
  readonly queries: readonly string[];
  readonly body: Schema | null;
}

/** An endpoint that stops or starves the tenant that is attacked would end the attack. */
const endsTheAttack = new Set(['/tenants/{tenant}/stop', '/tenants/{tenant}/limit']);

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface OperationObject {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

export class AdminGrammar {
  readonly #calls: readonly AdminCall[];
  readonly #schemas: Document['components']['schemas'];

  constructor(document: unknown) {
    // Written by the platform that is attacked.
    const { paths, components } = document as Document;
    this.#schemas = components.schemas;
    this.#calls = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        queries: parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name),
        body: requestBody?.content['application/json'].schema ?? null,
      })),
    );
  }

  get size(): number {
    return this.#calls.length;
  }

  request(party: Party, draw: Draw, isKnown: boolean): FuzzRequest {
    const calls = isKnown ? this.#calls.filter(({ path }) => !endsTheAttack.has(path)) : this.#calls;
    const { method, path, queries, body } = pick(draw, calls);
    const filled = path
      .replace('{tenant}', party.slug)
      .replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(party.spare[name] ?? 'none'));
    const asked = queries.filter(() => draw(2) === 0);
    const query = asked.map((name) => `${name}=${pick(draw, queryValues)}`).join('&');
    return {
      surface: 'admin API',
      method,
      path: `/api/v1${filled}${query === '' ? '' : `?${query}`}`,
      headers: body === null ? {} : { 'content-type': 'application/json' },
      body: body === null ? null : bodyOf(this.#example(body, draw), draw),
    };
  }

  #example(schema: Schema, draw: Draw): unknown {
    const resolved = schema.$ref === undefined ? schema : this.#schemas[schema.$ref.split('/').at(-1) ?? ''];
    if (resolved === undefined) return {};
    if (resolved.const !== undefined) return resolved.const;
    if (resolved.enum !== undefined) return pick(draw, resolved.enum);
    if (resolved.anyOf !== undefined) return this.#example(pick(draw, resolved.anyOf), draw);
    const type = typeof resolved.type === 'string' ? resolved.type : resolved.type?.[0];
    if (type === 'integer' || type === 'number') return draw(100);
    if (type === 'boolean') return draw(2) === 0;
    if (type === 'array') return [this.#example(resolved.items ?? {}, draw)];
    if (type === 'string') return pick(draw, strings);
    const { properties = {}, required = [] } = resolved;
    const present = Object.entries(properties).filter(([name]) => required.includes(name) || draw(2) === 0);
    return Object.fromEntries(present.map(([name, below]) => [name, this.#example(below, draw)]));
  }
}

const queryValues = [
  '1',
  '0',
  '-1',
  '1e9',
  '9007199254740993',
  '',
  '%00',
  '%ff',
  'x',
  '%E2%80%AE',
  "'--",
  'a&limit=2',
  '2026-01-01',
  '99999999999999999999',
  'succeeded',
  'pending',
  'agents%2Fworker',
  'tsk_00000000000000000000000000000000',
  '1.5',
];

const strings = [
  'fuzzed',
  'a2a:read',
  'https://issuer.invalid',
  'https://agent.invalid/.well-known/agent-card.json',
  'spare',
  '2030-01-01T00:00:00.000Z',
  'caller',
  'agents/worker',
  '10.0.0.1',
  'someone@example.com',
];
