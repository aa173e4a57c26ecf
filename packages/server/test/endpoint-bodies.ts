import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ApiEndpoint } from '../src/surfaces/admin/index.ts';
import { card, cardKey } from './admin-setting.ts';

/** Bodies of endpoints whose schema says less than the platform demands. */
const byHand: Readonly<Record<string, object>> = {
  createClient: { name: 'probe', scopes: ['a2a:read'] },
  addClientAuthority: { name: 'probe', certificate: 'is judged after the fields' },
  createApiKey: { name: 'probe', scopes: ['a2a:read'] },
  registerIssuer: { name: 'probe', issuer: 'https://issuer.example', scopeMap: { read: ['a2a:read'] } },
  changeIssuer: { name: 'probe', scopeMap: { read: ['a2a:read'] } },
  createPerson: { loginName: 'probe', scopes: ['a2a:read'] },
  setSignIn: { redirectUris: ['https://probe.example/back'] },
  pruneAudit: { throughSeq: 1, hash: '0'.repeat(64) },
  eraseAuditSubject: { subjectId: 'per_probe' },
  registerAgent: { name: 'probe', card },
  updateCard: { card: { ...card, version: '9.9.9' } },
  setProfile: { profile: { tier: 'gold' } },
  addCardKey: { name: 'probe', jwk: cardKey },
  allowEgress: { target: '10.9.0.0/16' },
  registerInstance: { url: 'http://127.0.0.1:9002/a2a' },
  serveInstance: { url: 'http://127.0.0.1:9003/a2a' },
  createGrant: { principal: 'person-1', role: 'caller' },
};

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** A body that the endpoint accepts, made from its schema unless it is written by hand; undefined when it takes none. */
export function bodyOf({ id, body }: ApiEndpoint<never>): object | undefined {
  if (body === null) return undefined;
  const made = byHand[id] ?? exampleOf(body);
  assert.ok(typeof made === 'object' && made !== null && ajv.validate(body, made), `write a body of ${id} by hand`);
  return made;
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
}

function exampleOf(schema: Schema): unknown {
  if ('const' in schema) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return exampleOf(first);
  if (schema.type === 'object') return exampleObject(schema);
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}));
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1);
  return 'probe'.padEnd(schema.minLength ?? 0, '-');
}

/** The required members; one that is optional when none is. */
function exampleObject({ properties = {}, required = [] }: Schema): object {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {})]));
}
