import { Type } from 'typebox';
import type { Static } from 'typebox';
import { auditActions, listAuditEntries } from '../../modules/audit/index.ts';
import type { AuditEntry } from '../../modules/audit/index.ts';
import { endpoint } from './endpoint.ts';
import { closed, component, pageAnswer, pageFields, pageOfSchema, pageRequestOf, time } from './page-schemas.ts';

export const auditEntrySchema = component(
  'AuditEntry',
  Type.Object(
    {
      entryId: Type.String(),
      occurredAt: time('When it happened.'),
      actorId: Type.String({ description: 'Id of the principal that acted.' }),
      action: Type.Enum([...auditActions]),
      outcome: Type.Enum(['succeeded', 'failed', 'refused']),
      resource: Type.String({ description: 'A task id, or `agents/{name}`, `clients/{id}`, `tenants/{slug}` …' }),
      requestId: Type.String(),
      facts: Type.Record(Type.String(), Type.String()),
    },
    closed,
  ),
);

const resource = Type.String({ pattern: '^[!-~]{1,300}$', description: 'Only entries about this resource.' });

const answerOf = (entry: AuditEntry): Static<typeof auditEntrySchema> => ({
  entryId: entry.entryId,
  occurredAt: entry.occurredAt.toISOString(),
  actorId: entry.actorId,
  action: entry.action,
  outcome: entry.outcome,
  resource: entry.resource,
  requestId: entry.requestId,
  facts: { ...entry.facts },
});

export const auditEndpoints = [
  endpoint({
    id: 'listAuditEntries',
    method: 'GET',
    path: '/tenants/{tenant}/audit',
    operation: 'audit.read',
    summary: 'List the audit entries of the tenant, oldest first',
    query: Type.Object({ ...pageFields, resource: Type.Optional(resource) }, closed),
    answer: pageOfSchema(auditEntrySchema),
    uses: { listAuditEntries },
    handle: async ({ listAuditEntries }, { caller, query: { resource, ...page } }) => {
      const request = { ...pageRequestOf(page), resource: resource ?? null };
      return pageAnswer(await listAuditEntries(caller, request), answerOf);
    },
  }),
];
