import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { cardReadCauses } from '../../kernel/card-read-causes.ts';
import { errorCatalog } from '../../kernel/error-catalog.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { policyOf } from '../../modules/access/index.ts';
import type { Scope } from '../../modules/access/index.ts';
import { statusOf } from '../http/index.ts';
import type { ApiEndpoint } from './endpoint.ts';
import { pathNames } from './endpoint.ts';
import { adminEndpoints, workEndpoints } from './endpoints.ts';
import { closed, component, componentNameOf } from './page-schemas.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A problem document (RFC 9457) as every error of this API is answered. */
const problemSchema = component(
  'Problem',
  Type.Object(
    {
      type: Type.String(),
      title: Type.String(),
      status: Type.Integer(),
      code: Type.String({ description: 'Stable code of the error.' }),
      detail: Type.String(),
      requestId: Type.String({ description: 'Quote it when you report the problem.' }),
      details: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          ...closed,
          description: 'Facts of the error, by name.',
          properties: {
            cause: Type.Enum(Object.keys(cardReadCauses), {
              description: 'Of `registry.card-unreachable`: what happened at `url`.',
            }),
            url: { type: 'string', description: 'The URL of the card, without its query.' },
            status: { type: 'string', description: 'The HTTP status that was answered, when the cause has one.' },
            reason: {
              type: 'string',
              description: 'A code that says more; with the cause `tls-failed` that of the TLS error.',
            },
          },
        }),
      ),
      violations: Type.Optional(
        Type.Array(Type.Object({ field: Type.String(), description: Type.String() }, closed), {
          description: 'What is wrong with the request, field by field.',
        }),
      ),
    },
    closed,
  ),
);

const scopeMeanings: Readonly<Record<Scope, string>> = {
  'a2a:send': 'Send messages to agents',
  'a2a:read': 'Read agents and own tasks',
  'a2a:cancel': 'Cancel own tasks',
  'acp:run': 'Run agents over ACP',
  'acp:read': 'Read agents and own runs over ACP',
  'acp:cancel': 'Cancel own runs over ACP',
  'agents:write': 'Register and deregister agents',
  'agents:approve': 'Decide which cards, card keys and card policy the tenant trusts',
  'credits:read': 'Read the wallet and its ledger',
  'audit:read': 'Read the audit entries',
  'audit:erase': 'Make personal facts of audit entries unreadable, and prune old entries',
  'tasks:inspect': 'Inspect every task of the tenant',
  'deliveries:read': 'List what was told to receivers of push notifications',
  'deliveries:write': 'Replay deliveries and dead letters, and see the secrets that receivers check them with',
  'clients:write': 'Create, list and revoke OAuth clients',
  'limits:write': 'Set limits of clients and agents',
  'grants:write': 'Give principals roles, list and remove them',
  'agents:serve': 'Run instances of agents: register them, renew their leases, and take them out',
  'stops:write': 'Stop agents and principals, and let them go on',
  'platform:operate': 'Operate the platform; for operators',
};

/** What any endpoint can answer. */
const anywhere: readonly ErrorCode[] = [
  'request.invalid',
  'access.unauthenticated',
  'access.scope-missing',
  'request.rate-limited',
  'internal.unexpected',
  'platform.unavailable',
  'platform.overloaded',
];
const withBody: readonly ErrorCode[] = ['request.too-large', 'request.unsupported-media-type'];

/** The admin API as an OpenAPI 3.1 document, from the same list that makes the routes. */
export function openApiDocument(): Json {
  const paths: { [path: string]: { [method: string]: Json } } = {};
  const components = new Map<string, object>([['Problem', problemSchema]]);
  for (const endpoint of [...adminEndpoints, ...workEndpoints]) {
    collectComponents([endpoint.body, endpoint.answer], components);
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint);
  }
  const schemas = Array.from(components, ([name, schema]) => [name, shown(schema, true)] as const);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Colloquy admin API',
      version: '1',
      description:
        'Tenants, clients, credits, agents, audit entries and tasks. Errors are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: Object.fromEntries(schemas.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        oauth2: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: '/oauth/token',
              scopes: { ...scopeMeanings },
            },
          },
        },
      },
    },
  };
}

function operationOf(endpoint: ApiEndpoint<never>): Json {
  const policy = policyOf(endpoint.operation);
  const needed = policy === undefined ? [] : [policy.scope];
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    'x-colloquy-operation': endpoint.operation,
    security: [{ oauth2: needed }, { bearer: needed }],
    parameters: [...pathParameters(endpoint), ...queryParameters(endpoint), ...fieldParameters(endpoint)],
    ...(endpoint.body === null ? {} : { requestBody: { required: true, content: json(endpoint.body) } }),
    responses: responsesOf(endpoint),
  };
}

function pathParameters({ path }: ApiEndpoint<never>): Json[] {
  return pathNames(path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

/** Fields of the head; a stream is resumed, and a request repeated, by one. */
function fieldParameters({ takesKey, isStream }: ApiEndpoint<never>): Json[] {
  const field = (name: string, description: string): Json => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return [
    ...(takesKey === true ? [field('Idempotency-Key', 'A repeated request with the same key is done once.')] : []),
    ...(isStream ? [field('Last-Event-ID', 'The id of the last event that is known; the later ones follow.')] : []),
  ];
}

function queryParameters({ query }: ApiEndpoint<never>): Json[] {
  return Object.entries(query.properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: shown(schema),
  }));
}

function responsesOf(endpoint: ApiEndpoint<never>): Json {
  const missing = policyOf(endpoint.operation)?.missing;
  const codes = new Set<ErrorCode>([
    ...anywhere,
    ...(endpoint.body === null ? [] : withBody),
    ...(endpoint.path.includes('{tenant}') && missing !== undefined ? [missing] : []),
    ...endpoint.errors,
  ]);
  const byStatus = Map.groupBy(codes, (code) => statusOf(new PlatformError(code)));
  const errors = Array.from(byStatus, ([status, sameStatus]) => [String(status), problemResponse(sameStatus)] as const);
  const success: Json =
    endpoint.answer === null
      ? { description: 'Done.' }
      : {
          description: 'Done.',
          content: {
            ...json(endpoint.answer, endpoint.isStream ? eventStream : jsonType),
            ...(endpoint.hasCsv === true ? csvContent : {}),
          },
        };
  return Object.fromEntries([[String(endpoint.status), success], ...errors]);
}

function problemResponse(codes: readonly ErrorCode[]): Json {
  const description = codes
    .toSorted()
    .map((code) => `\`${code}\`: ${errorCatalog[code].sentence}`)
    .join('\n\n');
  return { description, content: { 'application/problem+json': { schema: shown(problemSchema) } } };
}

const jsonType = 'application/json';
/** The schema is that of the data of one event. */
const eventStream = 'text/event-stream';

/** For callers that prefer it. */
const csvContent = { 'text/csv': { schema: { type: 'string', description: 'RFC 4180, with the line of names.' } } };

function json(schema: TSchema, type = jsonType): { [type: string]: Json } {
  return { [type]: { schema: shown(schema) } };
}

/** Adds the named schemas in `schema`, at any depth. */
function collectComponents(schema: unknown, found: Map<string, object>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const name = componentNameOf(schema);
  if (name !== null) {
    if (found.get(name) === schema) return;
    if (found.has(name)) throw new Error(`two schemas have the name ${name}`);
    found.set(name, schema);
  }
  for (const inner of Object.values(schema)) collectComponents(inner, found);
}

/** A schema as plain JSON; named ones become references, except the outermost one where its definition is wanted. */
function shown(schema: unknown, isDefinition = false): Json {
  const name = typeof schema === 'object' && schema !== null ? componentNameOf(schema) : null;
  if (name !== null && !isDefinition) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(schema)) return schema.map((item) => shown(item));
  if (typeof schema === 'object' && schema !== null) {
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, shown(value)]));
  }
  if (typeof schema === 'string' || typeof schema === 'number' || typeof schema === 'boolean') return schema;
  return null;
}
