import type { JsonObject } from '@colloquy/protocol';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { TrustedCardKey } from '../../modules/trust/index.ts';
import { cardPolicySchema } from './card-schemas.ts';
import { endpoint } from './endpoint.ts';
import { closed, noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from './page-schemas.ts';

const name = Type.String({ maxLength: 200, description: 'For people.' });
const jwk = Type.Unsafe<JsonObject>({
  type: 'object',
  maxProperties: 32,
  description:
    'A public JSON Web Key (RFC 7517) with the `kid` that signatures name: EC, Ed25519, or RSA from 2048 bits.',
});

export const cardKeySchema = Type.Object(
  {
    kid: Type.String(),
    name,
    algorithms: Type.Array(Type.String(), { description: 'JWS algorithms it is believed with.' }),
    publicJwk: Type.Unsafe<JsonObject>({ type: 'object' }),
    addedBy: Type.String({ description: 'Id of the principal that added it.' }),
    addedAt: time('Since when it is trusted.'),
    revokedAt: Type.Optional(time('Since when it is not.')),
  },
  closed,
);

const answerOf = (key: TrustedCardKey): Static<typeof cardKeySchema> => ({
  kid: key.kid,
  name: key.name,
  algorithms: [...key.algorithms],
  publicJwk: key.publicJwk,
  addedBy: key.addedBy,
  addedAt: key.addedAt.toISOString(),
  ...(key.revokedAt === null ? {} : { revokedAt: key.revokedAt.toISOString() }),
});

const keysPath = '/tenants/{tenant}/trusted-card-keys';
const policyPath = '/tenants/{tenant}/card-policy';

export const trustEndpoints = [
  endpoint({
    id: 'addCardKey',
    method: 'POST',
    path: keysPath,
    operation: 'card-key.add',
    summary: 'Trust a public key: cards that it signed are verified from now on',
    query: noQuery,
    body: Type.Object({ name, jwk }, closed),
    answer: cardKeySchema,
    status: 201,
    errors: ['trust.card-key-exists', 'trust.card-key-limit'],
    handle: async (useCases, { caller, body }) => answerOf(await useCases.addCardKey(caller, body)),
  }),
  endpoint({
    id: 'listCardKeys',
    method: 'GET',
    path: keysPath,
    operation: 'card-key.list',
    summary: 'List the trusted card keys of the tenant in the order of their ids, revoked ones too',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(cardKeySchema),
    status: 200,
    errors: [],
    handle: async (useCases, { caller, query }) =>
      pageAnswer(await useCases.listCardKeys(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'revokeCardKey',
    method: 'DELETE',
    path: `${keysPath}/{kid}`,
    operation: 'card-key.revoke',
    summary: 'Revoke a trusted card key; its id is never used again',
    query: noQuery,
    body: null,
    answer: null,
    status: 204,
    errors: ['trust.card-key-unknown'],
    handle: async (useCases, { caller, path }) => {
      await useCases.revokeCardKey(caller, path.kid);
      return null;
    },
  }),
  endpoint({
    id: 'getCardPolicy',
    method: 'GET',
    path: policyPath,
    operation: 'card-policy.read',
    summary: 'Get what the tenant demands of the cards of its agents',
    query: noQuery,
    body: null,
    answer: cardPolicySchema,
    status: 200,
    errors: [],
    handle: async (useCases, { caller }) => ({ ...(await useCases.readCardPolicy(caller)) }),
  }),
  endpoint({
    id: 'setCardPolicy',
    method: 'PUT',
    path: policyPath,
    operation: 'card-policy.change',
    summary: 'Set what the tenant demands of the cards of its agents, from now on',
    query: noQuery,
    body: cardPolicySchema,
    answer: cardPolicySchema,
    status: 200,
    errors: [],
    handle: async (useCases, { caller, body }) => ({ ...(await useCases.changeCardPolicy(caller, body)) }),
  }),
];
