import { Type } from 'typebox';
import type { Static } from 'typebox';
import { createTenant, listTenants } from '../../../modules/tenancy/index.ts';
import type { RegisteredTenant } from '../../../modules/tenancy/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const slug = Type.String({ maxLength: 63, description: 'Part of every public address of the tenant; never changes.' });
const name = Type.String({ maxLength: 200, description: 'For people.' });

const tenantSchema = component('Tenant', Type.Object({ slug, name, createdAt: time('When it was created.') }, closed));

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
    body: Type.Object({ slug, name }, closed),
    answer: tenantSchema,
    status: 201,
    errors: ['tenancy.tenant-exists'],
    uses: { createTenant },
    handle: async ({ createTenant }, { caller, body }) => answerOf(await createTenant(caller, body)),
  }),
  endpoint({
    id: 'listTenants',
    method: 'GET',
    path: '/tenants',
    operation: 'tenant.list',
    summary: 'List the tenants of the platform in the order of their slugs',
    query: pageQuery,
    answer: pageOfSchema(tenantSchema),
    uses: { listTenants },
    handle: async ({ listTenants }, { caller, query }) =>
      pageAnswer(await listTenants(caller, pageRequestOf(query)), answerOf),
  }),
];
