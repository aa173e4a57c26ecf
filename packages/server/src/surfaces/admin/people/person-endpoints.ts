import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Person } from '../../../modules/access/index.ts';
import {
  createPerson,
  listPeople,
  createPasswordLink,
  disablePerson,
  setSignInClient,
} from '../../../modules/people/index.ts';
import type { PasswordLink } from '../../../modules/people/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const loginName = Type.String({ maxLength: 100, description: 'What they sign in with; unique in the tenant.' });
const scopes = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 32,
  description: 'OAuth scopes that tokens on their authority can carry.',
});
const fields = {
  personId: Type.String(),
  loginName,
  scopes,
  hasPassword: Type.Boolean({ description: 'False until they have followed their first link.' }),
  createdAt: time('When they were created.'),
  disabledAt: Type.Optional(time('Since when they are not let in.')),
};
const linkFields = {
  passwordLink: Type.String({
    format: 'uri',
    description: 'Sets a password, once. Shown this once; give it to the person.',
  }),
  passwordLinkSeconds: Type.Integer({ description: 'For how long it works.' }),
};

const personSchema = Type.Object(fields, closed);
const createdPersonSchema = Type.Object({ ...fields, ...linkFields }, closed);
const linkSchema = Type.Object(linkFields, closed);

const answerOf = (person: Person): Static<typeof personSchema> => ({
  personId: person.personId,
  loginName: person.loginName,
  scopes: [...person.scopes],
  hasPassword: person.hasPassword,
  createdAt: person.createdAt.toISOString(),
  ...(person.disabledAt === null ? {} : { disabledAt: person.disabledAt.toISOString() }),
});

const linkAnswer = ({ token, lifeMs }: PasswordLink, publicUrl: string): Static<typeof linkSchema> => ({
  passwordLink: `${publicUrl}/oauth/password?link=${token}`,
  passwordLinkSeconds: lifeMs / 1000,
});

export const personEndpoints = [
  endpoint({
    id: 'createPerson',
    method: 'POST',
    path: '/tenants/{tenant}/people',
    operation: 'person.create',
    summary:
      'Create a person of the tenant, with a link that sets their password; their scopes must be scopes of the caller',
    body: Type.Object({ loginName, scopes }, closed),
    answer: createdPersonSchema,
    status: 201,
    errors: ['people.person-exists'],
    uses: { createPerson },
    handle: async ({ createPerson }, { caller, body, publicUrl }) => {
      const { person, link } = await createPerson(caller, { ...body, tenantId: caller.tenant.id });
      return { ...answerOf(person), ...linkAnswer(link, publicUrl) };
    },
  }),
  endpoint({
    id: 'listPeople',
    method: 'GET',
    path: '/tenants/{tenant}/people',
    operation: 'person.list',
    summary: 'List the people of the tenant, oldest first, disabled ones too',
    query: pageQuery,
    answer: pageOfSchema(personSchema),
    uses: { listPeople },
    handle: async ({ listPeople }, { caller, query }) => {
      const request = { ...pageRequestOf(query), tenantId: caller.tenant.id };
      return pageAnswer(await listPeople(caller, request), answerOf);
    },
  }),
  endpoint({
    id: 'createPasswordLink',
    method: 'POST',
    path: '/tenants/{tenant}/people/{person}/password-links',
    operation: 'person.link',
    summary: 'Make a new link that sets the password of a person; the one before works no more',
    answer: linkSchema,
    status: 201,
    errors: ['people.person-unknown'],
    uses: { createPasswordLink },
    handle: async ({ createPasswordLink }, { caller, path, publicUrl }) => {
      const input = { tenantId: caller.tenant.id, personId: path.person };
      return linkAnswer(await createPasswordLink(caller, input), publicUrl);
    },
  }),
  endpoint({
    id: 'setPersonAccess',
    method: 'PUT',
    path: '/tenants/{tenant}/people/{person}/access',
    operation: 'person.disable',
    summary:
      'Disable a person, or enable them again; clients that act for a disabled person are refused within seconds',
    body: Type.Object({ disabled: Type.Boolean() }, closed),
    errors: ['people.person-unknown'],
    uses: { disablePerson },
    handle: async ({ disablePerson }, { caller, path, body }) => {
      const input = { tenantId: caller.tenant.id, personId: path.person, isDisabled: body.disabled };
      await disablePerson(caller, input);
      return null;
    },
  }),
  endpoint({
    id: 'setSignIn',
    method: 'PUT',
    path: '/tenants/{tenant}/clients/{client}/sign-in',
    operation: 'client.sign-in',
    summary: 'Let people sign in through a client, and say where it may send them back to',
    body: Type.Object(
      {
        redirectUris: Type.Array(Type.String({ maxLength: 2000 }), {
          maxItems: 10,
          description: 'Each exact; with https, or http on the own machine.',
        }),
        public: Type.Optional(
          Type.Boolean({ description: 'It can keep no secret, and gets no tokens of its own. Default: false.' }),
        ),
      },
      closed,
    ),
    answer: Type.Object(
      { clientId: Type.String(), redirectUris: Type.Array(Type.String()), public: Type.Boolean() },
      closed,
    ),
    errors: ['access.client-unknown'],
    uses: { setSignInClient },
    handle: async ({ setSignInClient }, { caller, path, body }) => {
      const client = { clientId: path.client, redirectUris: body.redirectUris, isPublic: body.public ?? false };
      const { clientId, redirectUris, isPublic } = await setSignInClient(caller, {
        ...client,
        tenantId: caller.tenant.id,
      });
      return { clientId, redirectUris: [...redirectUris], public: isPublic };
    },
  }),
];
