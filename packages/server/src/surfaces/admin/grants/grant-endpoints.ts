import { Type } from 'typebox';
import type { Static } from 'typebox';
import { roles, assignRole, listGrants, removeGrant } from '../../../modules/access/index.ts';
import type { Grant } from '../../../modules/access/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageFields, pageOfSchema, pageRequestOf, time } from '../page-schemas.ts';

const principal = Type.String({ maxLength: 200, description: 'Id of the client, key, person or external subject.' });
const role = Type.String({
  maxLength: 64,
  description: `One of ${roles.filter((name) => name !== 'operator').join(', ')}.`,
});
const agent = Type.String({
  maxLength: 63,
  description: 'Name of the agent it is limited to; absent: the whole tenant.',
});
const skill = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'Id of the skill of that agent that it is limited to; absent: the whole agent.',
});
const place = { agent: Type.Optional(agent), skill: Type.Optional(skill) };

const grantSchema = component(
  'Grant',
  Type.Object(
    {
      grantId: Type.String(),
      principal,
      role,
      ...place,
      grantedBy: Type.String({ description: 'Id of the principal that gave it.' }),
      createdAt: time('When it was given.'),
    },
    closed,
  ),
);

const answerOf = (grant: Grant): Static<typeof grantSchema> => ({
  grantId: grant.grantId,
  principal: grant.principalId,
  role: grant.role,
  ...(grant.agentName === null ? {} : { agent: grant.agentName }),
  ...(grant.skillId === null ? {} : { skill: grant.skillId }),
  grantedBy: grant.grantedBy,
  createdAt: grant.createdAt.toISOString(),
});

export const grantEndpoints = [
  endpoint({
    id: 'createGrant',
    method: 'POST',
    path: '/tenants/{tenant}/grants',
    operation: 'grant.create',
    summary: 'Give a principal a role; from its first one on it may do only what its roles say',
    body: Type.Object({ principal, role, ...place }, closed),
    answer: grantSchema,
    status: 201,
    errors: ['registry.agent-unknown', 'access.client-unknown', 'access.grant-limit'],
    uses: { assignRole },
    handle: async ({ assignRole }, { caller, body }) =>
      answerOf(
        await assignRole(caller, {
          principalId: body.principal,
          role: body.role,
          agentName: body.agent ?? null,
          skillId: body.skill ?? null,
        }),
      ),
  }),
  endpoint({
    id: 'listGrants',
    method: 'GET',
    path: '/tenants/{tenant}/grants',
    operation: 'grant.list',
    summary: 'List the roles that principals of the tenant have, oldest first',
    query: Type.Object({ ...pageFields, principal: Type.Optional(principal) }, closed),
    answer: pageOfSchema(grantSchema),
    uses: { listGrants },
    handle: async ({ listGrants }, { caller, query }) => {
      const request = { ...pageRequestOf(query), principalId: query.principal ?? null };
      return pageAnswer(await listGrants(caller, request), answerOf);
    },
  }),
  endpoint({
    id: 'removeGrant',
    method: 'DELETE',
    path: '/tenants/{tenant}/grants/{grant}',
    operation: 'grant.remove',
    summary: 'Take a role away; who has lost the last one may do nothing',
    errors: ['access.grant-unknown'],
    uses: { removeGrant },
    handle: ({ removeGrant }, { caller, path }) => removeGrant(caller, path.grant),
  }),
];
