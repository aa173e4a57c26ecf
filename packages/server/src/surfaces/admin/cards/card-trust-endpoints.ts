import type { JsonObject } from '@colloquy/protocol';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import {
  addCardKey,
  listCardKeys,
  revokeCardKey,
  readCardPolicy,
  changeCardPolicy,
} from '../../../modules/trust/index.ts';
import type { TrustedCardKey } from '../../../modules/trust/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';
import { cardPolicySchema } from './card-schemas.ts';

const name = Type.String({ maxLength: 200, description: 'For people.' });
const jwk = Type.Unsafe<JsonObject>({
  type: 'object',
  maxProperties: 32,
  description:
    'A public JSON Web Key (RFC 7517) with the `kid` that signatures name: EC, Ed25519, or RSA from 2048 bits.',
});

const cardKeySchema = component(
  'CardKey',
  Type.Object(
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
  ),
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

export const cardTrustEndpoints = [
  endpoint({
    id: 'addCardKey',
    method: 'POST',
    path: keysPath,
    operation: 'card-key.add',
    summary: 'Trust a public key: cards that it signed are verified from now on',
    body: Type.Object({ name, jwk }, closed),
    answer: cardKeySchema,
    status: 201,
    errors: ['trust.card-key-exists', 'trust.card-key-limit'],
    uses: { addCardKey },
    handle: async ({ addCardKey }, { caller, body }) => answerOf(await addCardKey(caller, body)),
  }),
  endpoint({
    id: 'listCardKeys',
    method: 'GET',
    path: keysPath,
    operation: 'card-key.list',
    summary: 'List the trusted card keys of the tenant in the order of their ids, revoked ones too',
    query: pageQuery,
    answer: pageOfSchema(cardKeySchema),
    uses: { listCardKeys },
    handle: async ({ listCardKeys }, { caller, query }) =>
      pageAnswer(await listCardKeys(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'revokeCardKey',
    method: 'DELETE',
    path: `${keysPath}/{kid}`,
    operation: 'card-key.revoke',
    summary: 'Revoke a trusted card key; its id is never used again',
    errors: ['trust.card-key-unknown'],
    uses: { revokeCardKey },
    handle: ({ revokeCardKey }, { caller, path }) => revokeCardKey(caller, path.kid),
  }),
  endpoint({
    id: 'getCardPolicy',
    method: 'GET',
    path: policyPath,
    operation: 'card-policy.read',
    summary: 'Get what the tenant demands of the cards of its agents',
    answer: cardPolicySchema,
    uses: { readCardPolicy },
    handle: async ({ readCardPolicy }, { caller }) => ({ ...(await readCardPolicy(caller)) }),
  }),
  endpoint({
    id: 'setCardPolicy',
    method: 'PUT',
    path: policyPath,
    operation: 'card-policy.change',
    summary: 'Set what the tenant demands of the cards of its agents, from now on',
    body: cardPolicySchema,
    answer: cardPolicySchema,
    uses: { changeCardPolicy },
    handle: async ({ changeCardPolicy }, { caller, body }) => ({ ...(await changeCardPolicy(caller, body)) }),
  }),
];
