import type { JsonObject } from '@colloquy/protocol';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import {
  certificateNameKinds,
  clientAuthMethods,
  tokenBindings,
  createKeyClient,
  createClient,
  listClients,
  revokeClient,
  allocateClient,
} from '../../../modules/access/index.ts';
import type { WantedAuthentication, OAuthClient } from '../../../modules/access/index.ts';
import { allocationFields, allocationFrom, allocationSchema, shownAllocation } from '../cost-allocation.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

export const certificatePem = Type.String({
  minLength: 1,
  maxLength: limits.certificateCharsMax,
  description: 'One certificate as PEM text.',
});

export const secretLifeSeconds = Type.Integer({
  minimum: 60,
  maximum: 10 * 365 * 24 * 60 * 60,
  description: 'After this time the secret ends; left out, it does not.',
});

/** The authentication method of a client, as requested. Fields that the method does not use are refused. */
const authenticationSchema = Type.Object(
  {
    method: Type.Enum([...clientAuthMethods]),
    jwks: Type.Optional(
      Type.Object(
        {
          keys: Type.Array(Type.Unsafe<JsonObject>({ type: 'object', maxProperties: 32 }), {
            maxItems: limits.clientKeysMax,
          }),
        },
        {
          ...closed,
          description: 'For private_key_jwt: public keys (RFC 7517): P-256, Ed25519, or RSA from 2048 bits.',
        },
      ),
    ),
    subject: Type.Optional(
      Type.Object(
        {
          kind: Type.Enum([...certificateNameKinds]),
          value: Type.String({ minLength: 1, maxLength: 1000 }),
        },
        {
          ...closed,
          description:
            'For tls_client_auth: the name that its certificate must show. A subject (`dn`) as RFC 4514 writes it, like `CN=worker,O=Example`.',
        },
      ),
    ),
    certificates: Type.Optional(
      Type.Array(certificatePem, {
        maxItems: limits.clientKeysMax,
        description: 'For self_signed_tls_client_auth: the certificates that it may present.',
      }),
    ),
  },
  { ...closed, description: 'How the client proves itself at the token endpoint; left out, with a secret.' },
);

type AuthenticationInput = Static<typeof authenticationSchema>;
type BySecret = Extract<WantedAuthentication, { readonly method: `client_secret_${string}` }>;

const needs: Readonly<Record<AuthenticationInput['method'], 'jwks' | 'subject' | 'certificates' | null>> = {
  client_secret_basic: null,
  client_secret_post: null,
  private_key_jwt: 'jwks',
  tls_client_auth: 'subject',
  self_signed_tls_client_auth: 'certificates',
};

export function authenticationOf(input: AuthenticationInput | undefined): WantedAuthentication {
  if (input === undefined) return { method: 'client_secret_basic' };
  const { method, jwks, subject, certificates } = input;
  const need = needs[method];
  for (const member of ['jwks', 'subject', 'certificates'] as const)
    if (member !== need && input[member] !== undefined) throw misplaced(`authentication.${member}`);
  if (method === 'client_secret_basic' || method === 'client_secret_post') return { method };
  if (method === 'private_key_jwt' && jwks !== undefined) return { method, jwks };
  if (method === 'tls_client_auth' && subject !== undefined) return { method, subject };
  if (method === 'self_signed_tls_client_auth' && certificates !== undefined) return { method, certificates };
  throw invalid(`authentication.${need ?? 'method'}`, 'is required for this method');
}

function isBySecret(wanted: WantedAuthentication): wanted is BySecret {
  return wanted.method === 'client_secret_basic' || wanted.method === 'client_secret_post';
}

function misplaced(field: string): PlatformError {
  return invalid(field, 'does not belong to this method of authentication');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}

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
  ...allocationFields,
  createdAt: time('When it was created.'),
  revokedAt: Type.Optional(time('Since when it gets no tokens.')),
};

const clientSchema = component('Client', Type.Object(fields, closed));
const createdClientSchema = component(
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
    ...allocationFields,
  },
  closed,
);

const answerOf = (client: OAuthClient): Static<typeof clientSchema> => ({
  clientId: client.clientId,
  name: client.name,
  scopes: [...client.scopes],
  authentication: client.authMethod,
  tokenBinding: client.tokenBinding,
  ...shownAllocation(client.allocation),
  createdAt: client.createdAt.toISOString(),
  ...(client.revokedAt === null ? {} : { revokedAt: client.revokedAt.toISOString() }),
});

export const clientEndpoints = [
  endpoint({
    id: 'createClient',
    method: 'POST',
    path: '/tenants/{tenant}/clients',
    operation: 'client.create',
    summary: 'Create an OAuth client of the tenant; its scopes must be scopes of the caller',
    body: newClientSchema,
    answer: createdClientSchema,
    status: 201,
    errors: ['access.client-exists'],
    uses: { createKeyClient, createClient },
    handle: async ({ createKeyClient, createClient }, { caller, body }) => {
      const { secretLifeSeconds: lifeSeconds, authentication: wanted, department: _d, costCenter: _c, ...rest } = body;
      const input = { ...rest, allocation: allocationFrom(body), tenantId: caller.tenant.id };
      const authentication = authenticationOf(wanted);
      if (!isBySecret(authentication)) {
        if (lifeSeconds !== undefined) throw misplaced('secretLifeSeconds');
        return answerOf(await createKeyClient(caller, { ...input, authentication }));
      }
      const life = lifeSeconds === undefined ? {} : { secretLifeMs: lifeSeconds * 1000 };
      const { client, clientSecret } = await createClient(caller, { ...input, authentication, ...life });
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
    id: 'allocateClient',
    method: 'PUT',
    path: '/tenants/{tenant}/clients/{client}/allocation',
    operation: 'client.allocate',
    summary: 'Set the department and the cost center that the tasks of an OAuth client count for',
    body: Type.Object(allocationFields, closed),
    answer: allocationSchema,
    errors: ['access.client-unknown'],
    uses: { allocateClient },
    handle: async ({ allocateClient }, { caller, path, body }) =>
      shownAllocation(await allocateClient(caller, path.client, allocationFrom(body))),
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
