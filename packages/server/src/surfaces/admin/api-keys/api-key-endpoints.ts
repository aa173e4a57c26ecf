import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../../../modules/api-keys/index.ts';
import type { ApiKey } from '../../../modules/api-keys/index.ts';
import { allocationFields, allocationFrom, shownAllocation } from '../cost-allocation.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const name = Type.String({ maxLength: 200, description: 'For people; keys of one name act as one principal.' });
const scopes = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 32, description: 'What it may do.' });
const agents = Type.Array(Type.String({ maxLength: 63 }), {
  minItems: 1,
  maxItems: limits.apiKeyAgentsMax,
  description: 'Names of the agents that it may call; without it every agent of the tenant.',
});
const fields = {
  keyId: Type.String(),
  principalId: Type.String({ description: 'Who acts with it, the same for all keys of one name.' }),
  name,
  scopes,
  agents: Type.Optional(agents),
  ...allocationFields,
  createdBy: Type.String({ description: 'Id of the principal that created it.' }),
  createdAt: time('When it was created.'),
  expiresAt: time('When it ends.'),
  lastUsedAt: Type.Optional(time('When it was last used, to about a minute.')),
  revokedAt: Type.Optional(time('Since when it is refused.')),
};

const apiKeySchema = Type.Object(fields, closed);
const createdApiKeySchema = Type.Object(
  { ...fields, apiKey: Type.String({ description: 'Shown this once.' }) },
  closed,
);
const newApiKeySchema = Type.Object(
  {
    name,
    scopes,
    agents: Type.Optional(agents),
    ...allocationFields,
    expiresInDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.apiKeyDaysMax, default: limits.apiKeyDaysDefault }),
    ),
  },
  closed,
);

const answerOf = (key: ApiKey): Static<typeof apiKeySchema> => ({
  keyId: key.keyId,
  principalId: key.principalId,
  name: key.name,
  scopes: [...key.scopes],
  ...(key.agentNames === null ? {} : { agents: [...key.agentNames] }),
  ...shownAllocation(key.allocation),
  createdBy: key.createdBy,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt.toISOString(),
  ...(key.lastUsedAt === null ? {} : { lastUsedAt: key.lastUsedAt.toISOString() }),
  ...(key.revokedAt === null ? {} : { revokedAt: key.revokedAt.toISOString() }),
});

const path = '/tenants/{tenant}/api-keys';

export const apiKeyEndpoints = [
  endpoint({
    id: 'createApiKey',
    method: 'POST',
    path,
    operation: 'api-key.create',
    summary: 'Create an API key; its scopes must be scopes of the caller, and at most two keys of one name are valid',
    body: newApiKeySchema,
    answer: createdApiKeySchema,
    status: 201,
    errors: ['access.api-key-limit'],
    uses: { createApiKey },
    handle: async ({ createApiKey }, { caller, body }) => {
      const { name, scopes, agents: agentNames = null, expiresInDays = null } = body;
      const input = { name, scopes, agentNames, expiresInDays, allocation: allocationFrom(body) };
      const { key, apiKey } = await createApiKey(caller, input);
      return { ...answerOf(key), apiKey };
    },
  }),
  endpoint({
    id: 'listApiKeys',
    method: 'GET',
    path,
    operation: 'api-key.list',
    summary: 'List the API keys of the tenant, oldest first, those that are out too',
    query: pageQuery,
    answer: pageOfSchema(apiKeySchema),
    uses: { listApiKeys },
    handle: async ({ listApiKeys }, { caller, query }) =>
      pageAnswer(await listApiKeys(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'revokeApiKey',
    method: 'DELETE',
    path: `${path}/{key}`,
    operation: 'api-key.revoke',
    summary: 'Revoke an API key; it is refused within seconds',
    errors: ['access.api-key-unknown'],
    uses: { revokeApiKey },
    handle: ({ revokeApiKey }, { caller, path: { key } }) => revokeApiKey(caller, key),
  }),
];
