import { Type } from 'typebox';
import type { Static } from 'typebox';
import {
  addClientSecret,
  listClientSecrets,
  revokeClientSecret,
  addClientAuthority,
  listClientAuthorities,
  removeClientAuthority,
} from '../../../modules/access/index.ts';
import type { ClientAuthority, ClientSecret } from '../../../modules/access/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';
import { certificatePem, secretLifeSeconds } from './client-endpoints.ts';

const secretFields = {
  secretId: Type.String(),
  createdAt: time('When it was made.'),
  expiresAt: Type.Optional(time('When it ends by itself.')),
  revokedAt: Type.Optional(time('When it was ended.')),
};

const clientSecretSchema = component('ClientSecret', Type.Object(secretFields, closed));
const addedSecretSchema = Type.Object(
  { ...secretFields, clientSecret: Type.String({ description: 'Shown this once.' }) },
  closed,
);

const authorityName = Type.String({ minLength: 1, maxLength: 200, description: 'For people.' });

const clientAuthoritySchema = component(
  'ClientAuthority',
  Type.Object(
    {
      authorityId: Type.String(),
      name: authorityName,
      certificate: certificatePem,
      subject: Type.String({ description: 'As RFC 4514 writes it.' }),
      thumbprint: Type.String({ description: 'SHA-256 of the certificate, base64url.' }),
      expiresAt: time('When its certificate ends.'),
      addedAt: time('Since when it is trusted.'),
    },
    closed,
  ),
);

const secretAnswer = (secret: ClientSecret): Static<typeof clientSecretSchema> => ({
  secretId: secret.secretId,
  createdAt: secret.createdAt.toISOString(),
  ...(secret.expiresAt === null ? {} : { expiresAt: secret.expiresAt.toISOString() }),
  ...(secret.revokedAt === null ? {} : { revokedAt: secret.revokedAt.toISOString() }),
});

const authorityAnswer = (authority: ClientAuthority): Static<typeof clientAuthoritySchema> => ({
  ...authority,
  expiresAt: authority.expiresAt.toISOString(),
  addedAt: authority.addedAt.toISOString(),
});

const secretsPath = '/tenants/{tenant}/clients/{client}/secrets';
const authoritiesPath = '/tenants/{tenant}/client-authorities';

/** The credentials of clients: their secrets, and the authorities of their certificates. */
export const clientCredentialEndpoints = [
  endpoint({
    id: 'addClientSecret',
    method: 'POST',
    path: secretsPath,
    operation: 'client-secret.add',
    summary: 'Give an OAuth client a second secret, to replace its first without a pause',
    body: Type.Object({ lifeSeconds: Type.Optional(secretLifeSeconds) }, closed),
    answer: addedSecretSchema,
    status: 201,
    errors: ['access.client-unknown', 'access.client-has-no-secret', 'access.client-secret-limit'],
    uses: { addClientSecret },
    handle: async ({ addClientSecret }, { caller, path, body }) => {
      const lifeMs = body.lifeSeconds === undefined ? null : body.lifeSeconds * 1000;
      const place = { tenantId: caller.tenant.id, clientId: path.client };
      const { secret, clientSecret } = await addClientSecret(caller, { ...place, lifeMs });
      return { ...secretAnswer(secret), clientSecret };
    },
  }),
  endpoint({
    id: 'listClientSecrets',
    method: 'GET',
    path: secretsPath,
    operation: 'client-secret.list',
    summary: 'List the secrets of an OAuth client, oldest first, ended ones too, without themselves',
    query: pageQuery,
    answer: pageOfSchema(clientSecretSchema),
    errors: ['access.client-unknown'],
    uses: { listClientSecrets },
    handle: async ({ listClientSecrets }, { caller, path, query }) => {
      const place = { tenantId: caller.tenant.id, clientId: path.client };
      return pageAnswer(await listClientSecrets(caller, { ...place, ...pageRequestOf(query) }), secretAnswer);
    },
  }),
  endpoint({
    id: 'revokeClientSecret',
    method: 'DELETE',
    path: `${secretsPath}/{secret}`,
    operation: 'client-secret.revoke',
    summary: 'End a secret of an OAuth client; no token is issued for it any more',
    errors: ['access.client-secret-unknown'],
    uses: { revokeClientSecret },
    handle: async ({ revokeClientSecret }, { caller, path }) => {
      const place = { tenantId: caller.tenant.id, clientId: path.client };
      await revokeClientSecret(caller, { ...place, secretId: path.secret });
      return null;
    },
  }),
  endpoint({
    id: 'addClientAuthority',
    method: 'POST',
    path: authoritiesPath,
    operation: 'client-authority.add',
    summary: 'Trust an authority to issue certificates to the tenant’s clients',
    body: Type.Object({ name: authorityName, certificate: certificatePem }, closed),
    answer: clientAuthoritySchema,
    status: 201,
    errors: ['access.authority-exists', 'access.authority-limit'],
    uses: { addClientAuthority },
    handle: async ({ addClientAuthority }, { caller, body }) => authorityAnswer(await addClientAuthority(caller, body)),
  }),
  endpoint({
    id: 'listClientAuthorities',
    method: 'GET',
    path: authoritiesPath,
    operation: 'client-authority.list',
    summary: 'List the authorities whose certificates the tenant’s clients may present, oldest first',
    query: pageQuery,
    answer: pageOfSchema(clientAuthoritySchema),
    uses: { listClientAuthorities },
    handle: async ({ listClientAuthorities }, { caller, query }) =>
      pageAnswer(await listClientAuthorities(caller, pageRequestOf(query)), authorityAnswer),
  }),
  endpoint({
    id: 'removeClientAuthority',
    method: 'DELETE',
    path: `${authoritiesPath}/{authority}`,
    operation: 'client-authority.remove',
    summary: 'Trust an authority no more; its certificates obtain no tokens from now on',
    errors: ['access.authority-unknown'],
    uses: { removeClientAuthority },
    handle: ({ removeClientAuthority }, { caller, path }) => removeClientAuthority(caller, path.authority),
  }),
];
