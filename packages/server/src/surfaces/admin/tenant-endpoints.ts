import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { RegisteredTenant } from '../../modules/tenancy/index.ts';
import { endpoint } from './endpoint.ts';
import { closed, noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from './page-schemas.ts';

const slug = Type.String({ maxLength: 63, description: 'Part of every public address of the tenant; never changes.' });
const name = Type.String({ maxLength: 200, description: 'For people.' });

export const tenantSchema = Type.Object({ slug, name, createdAt: time('When it was created.') }, closed);

const answerOf = (tenant: RegisteredTenant): Static<typeof tenantSchema> => ({
  slug: tenant.slug,
  name: tenant.name,
  createdAt: tenant.createdAt.toISOString(),
});

export const tenantEndpoints = [
  endpoint({
    id: 'createTenant',
    method: 'POST',
    path: '/tenants',
    operation: 'tenant.create',
    summary: 'Create a tenant with an empty wallet',
    query: noQuery,
    body: Type.Object({ slug, name }, closed),
    answer: tenantSchema,
    status: 201,
    errors: ['tenancy.tenant-exists'],
    handle: async (useCases, { caller, body }) => answerOf(await useCases.createTenant(caller, body)),
  }),
  endpoint({
    id: 'listTenants',
    method: 'GET',
    path: '/tenants',
    operation: 'tenant.list',
    summary: 'List the tenants of the platform in the order of their slugs',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(tenantSchema),
    status: 200,
    errors: [],
    handle: async (useCases, { caller, query }) =>
      pageAnswer(await useCases.listTenants(caller, pageRequestOf(query)), answerOf),
  }),
];
