import { Type } from 'typebox';
import type { Static } from 'typebox';
import {
  clientAuthMethods,
  tokenBindings,
  createKeyClient,
  createClient,
  listClients,
  revokeClient,
} from '../../modules/access/index.ts';
import type { OAuthClient } from '../../modules/access/index.ts';
import { authenticationOf, authenticationSchema, isBySecret, misplaced, secretLifeSeconds } from './client-input.ts';
import { endpoint } from './endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from './page-schemas.ts';

const name = Type.String({ maxLength: 200, description: 'For people; unique in the tenant.' });
const scopes = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 32,
  description: 'OAuth scopes it may ask for.',
});
const tokenBinding = Type.Enum([...tokenBindings], {
  description:
    'What its access tokens must be bound to: nothing (a key of DPoP proofs may be chosen at the token endpoint), such a key, or its certificate.',
});
const fields = {
  clientId: Type.String(),
  name,
  scopes,
  authentication: Type.Enum([...clientAuthMethods], { description: 'How it proves itself at the token endpoint.' }),
  tokenBinding,
  createdAt: time('When it was created.'),
  revokedAt: Type.Optional(time('Since when it gets no tokens.')),
};

export const clientSchema = component('Client', Type.Object(fields, closed));
export const createdClientSchema = component(
  'CreatedClient',
  Type.Object(
    {
      ...fields,
      clientSecret: Type.Optional(
        Type.String({ description: 'Shown this once; absent for a client with a key or a certificate.' }),
      ),
    },
    closed,
  ),
);

const newClientSchema = Type.Object(
  {
    name,
    scopes,
    authentication: Type.Optional(authenticationSchema),
    tokenBinding: Type.Optional(tokenBinding),
    secretLifeSeconds: Type.Optional(secretLifeSeconds),
  },
  closed,
);

const answerOf = (client: OAuthClient): Static<typeof clientSchema> => ({
  clientId: client.clientId,
  name: client.name,
  scopes: [...client.scopes],
  authentication: client.authMethod,
  tokenBinding: client.tokenBinding,
  createdAt: client.createdAt.toISOString(),
  ...(client.revokedAt === null ? {} : { revokedAt: client.revokedAt.toISOString() }),
});

export const clientEndpoints = [
  endpoint({
    id: 'createClient',
    method: 'POST',
    path: '/tenants/{tenant}/clients',
    operation: 'client.create',
    summary: 'Create an OAuth client of the tenant; nobody gives a scope that they lack',
    body: newClientSchema,
    answer: createdClientSchema,
    status: 201,
    errors: ['access.client-exists'],
    uses: { createKeyClient, createClient },
    handle: async ({ createKeyClient, createClient }, { caller, body }) => {
      const { secretLifeSeconds: lifeSeconds, authentication: wanted, ...rest } = body;
      const wish = { ...rest, tenantId: caller.tenant.id };
      const authentication = authenticationOf(wanted);
      if (!isBySecret(authentication)) {
        if (lifeSeconds !== undefined) throw misplaced('secretLifeSeconds');
        return answerOf(await createKeyClient(caller, { ...wish, authentication }));
      }
      const life = lifeSeconds === undefined ? {} : { secretLifeMs: lifeSeconds * 1000 };
      const { client, clientSecret } = await createClient(caller, { ...wish, authentication, ...life });
      return { ...answerOf(client), clientSecret };
    },
  }),
  endpoint({
    id: 'listClients',
    method: 'GET',
    path: '/tenants/{tenant}/clients',
    operation: 'client.list',
    summary: 'List the OAuth clients of the tenant, oldest first, revoked ones too',
    query: pageQuery,
    answer: pageOfSchema(clientSchema),
    uses: { listClients },
    handle: async ({ listClients }, { caller, query }) => {
      const request = { ...pageRequestOf(query), tenantId: caller.tenant.id };
      return pageAnswer(await listClients(caller, request), answerOf);
    },
  }),
  endpoint({
    id: 'revokeClient',
    method: 'DELETE',
    path: '/tenants/{tenant}/clients/{client}',
    operation: 'client.revoke',
    summary: 'Revoke an OAuth client; its tokens are refused within seconds',
    errors: ['access.client-unknown'],
    uses: { revokeClient },
    handle: ({ revokeClient }, { caller, path }) =>
      revokeClient(caller, { tenantId: caller.tenant.id, clientId: path.client }),
  }),
];
