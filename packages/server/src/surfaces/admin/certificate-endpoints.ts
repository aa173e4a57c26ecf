import { Type } from 'typebox';
import { listCertificates, checkCertificate, pinKeys } from '../../modules/registry/index.ts';
import {
  agentCertificateSchema,
  agentCertificatesSchema,
  certificateAnswer,
  certificatesAnswer,
  keys,
  ownCertificateSchema,
} from './certificate-schemas.ts';
import { endpoint } from './endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from './page-schemas.ts';

const origin = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'The one endpoint to look at, as the list shows it.',
});
/** A certificate that this process shows to its callers. */
export interface ListenerCertificate {
  readonly listener: 'http' | 'grpc';
  readonly subject: string;
  readonly issuer: string;
  /** The names that it is for. */
  readonly names: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of its public key, base64. */
  readonly keyPin: string;
}

interface ListenerCertificatePorts {
  readonly listenerCertificates: () => readonly ListenerCertificate[];
}
const listListenerCertificates = ({ listenerCertificates }: ListenerCertificatePorts) => listenerCertificates;

const agentPath = '/tenants/{tenant}/agents/{agent}';

export const certificateEndpoints = [
  endpoint({
    id: 'listCertificates',
    method: 'GET',
    path: '/tenants/{tenant}/certificates',
    operation: 'certificate.list',
    summary: 'List what the endpoints of the agents have shown of themselves, and the keys that they have to show',
    query: pageQuery,
    answer: pageOfSchema(agentCertificateSchema),
    uses: { listCertificates },
    handle: async ({ listCertificates }, { caller, query }) =>
      pageAnswer(await listCertificates(caller, pageRequestOf(query)), certificateAnswer),
  }),
  endpoint({
    id: 'checkCertificate',
    method: 'POST',
    path: `${agentPath}/certificate`,
    operation: 'certificate.check',
    summary: 'Look at the certificates of the endpoints of an agent now, or at one of them',
    query: Type.Object({ origin: Type.Optional(origin) }, closed),
    answer: agentCertificatesSchema,
    errors: ['registry.agent-unknown', 'registry.endpoint-plain', 'registry.endpoint-unreachable', 'egress.refused'],
    uses: { checkCertificate },
    handle: async ({ checkCertificate }, { caller, path, query }) =>
      certificatesAnswer(await checkCertificate(caller, path.agent, query.origin ?? null)),
  }),
  endpoint({
    id: 'pinKeys',
    method: 'PUT',
    path: `${agentPath}/pinned-keys`,
    operation: 'agent.pin',
    summary: 'Set the keys of which the endpoints of an agent have to show one; with none, any key will do',
    body: Type.Object({ keys }, closed),
    answer: agentCertificatesSchema,
    errors: ['registry.agent-unknown', 'registry.endpoint-plain'],
    uses: { pinKeys },
    handle: async ({ pinKeys }, { caller, path, body }) => {
      const endpoints = await pinKeys(caller, path.agent, body.keys);
      return certificatesAnswer(endpoints.map((known) => ({ ...known, failure: null })));
    },
  }),
  endpoint({
    id: 'listListenerCertificates',
    method: 'GET',
    path: '/certificates',
    operation: 'listener-certificate.list',
    summary: 'List the certificates that the answering process shows to its callers',
    answer: Type.Object({ items: Type.Array(ownCertificateSchema) }, closed),
    uses: { listListenerCertificates },
    handle: ({ listListenerCertificates }) =>
      Promise.resolve({
        items: listListenerCertificates().map(({ notBefore, notAfter: end, ...shown }) => ({
          ...shown,
          notBefore: notBefore.toISOString(),
          notAfter: end.toISOString(),
        })),
      }),
  }),
];
