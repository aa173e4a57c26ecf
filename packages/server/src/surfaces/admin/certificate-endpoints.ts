import { Type } from 'typebox';
import {
  agentCertificateSchema,
  agentCertificatesSchema,
  certificateAnswer,
  certificatesAnswer,
  keys,
  ownCertificateSchema,
} from './certificate-schemas.ts';
import { endpoint } from './endpoint.ts';
import { closed, noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from './page-schemas.ts';

const origin = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'The one endpoint to look at, as the list shows it.',
});
const agentPath = '/tenants/{tenant}/agents/{agent}';

export const certificateEndpoints = [
  endpoint({
    id: 'listCertificates',
    method: 'GET',
    path: '/tenants/{tenant}/certificates',
    operation: 'certificate.list',
    summary: 'List what the endpoints of the agents have shown of themselves, and the keys that they have to show',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(agentCertificateSchema),
    status: 200,
    errors: [],
    handle: async (useCases, { caller, query }) =>
      pageAnswer(await useCases.listCertificates(caller, pageRequestOf(query)), certificateAnswer),
  }),
  endpoint({
    id: 'checkCertificate',
    method: 'POST',
    path: `${agentPath}/certificate`,
    operation: 'certificate.check',
    summary: 'Look at the certificates of the endpoints of an agent now, or at one of them',
    query: Type.Object({ origin: Type.Optional(origin) }, closed),
    body: null,
    answer: agentCertificatesSchema,
    status: 200,
    errors: ['registry.agent-unknown', 'registry.endpoint-plain', 'registry.endpoint-unreachable', 'egress.refused'],
    handle: async (useCases, { caller, path, query }) =>
      certificatesAnswer(await useCases.checkCertificate(caller, path.agent, query.origin ?? null)),
  }),
  endpoint({
    id: 'pinKeys',
    method: 'PUT',
    path: `${agentPath}/pinned-keys`,
    operation: 'agent.pin',
    summary: 'Set the keys of which the endpoints of an agent have to show one; with none, any key will do',
    query: noQuery,
    body: Type.Object({ keys }, closed),
    answer: agentCertificatesSchema,
    status: 200,
    errors: ['registry.agent-unknown', 'registry.endpoint-plain'],
    handle: async (useCases, { caller, path, body }) => {
      const endpoints = await useCases.pinKeys(caller, path.agent, body.keys);
      return certificatesAnswer(endpoints.map((known) => ({ ...known, failure: null })));
    },
  }),
  endpoint({
    id: 'listListenerCertificates',
    method: 'GET',
    path: '/certificates',
    operation: 'listener-certificate.list',
    summary: 'List the certificates that the answering process shows to its callers',
    query: noQuery,
    body: null,
    answer: Type.Object({ items: Type.Array(ownCertificateSchema) }, closed),
    status: 200,
    errors: [],
    handle: (useCases) =>
      Promise.resolve({
        items: useCases.listListenerCertificates().map(({ notBefore, notAfter: end, ...shown }) => ({
          ...shown,
          notBefore: notBefore.toISOString(),
          notAfter: end.toISOString(),
        })),
      }),
  }),
];
