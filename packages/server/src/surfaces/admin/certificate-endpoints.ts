import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { AgentCertificate } from '../../modules/registry/index.ts';
import { endpoint } from './endpoint.ts';
import { closed, noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from './page-schemas.ts';

const pin = Type.String({
  minLength: 44,
  maxLength: 44,
  description: 'SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix.',
});
const keys = Type.Array(pin, { maxItems: limits.pinnedKeysMax });
const notAfter = time('When it ends.');

const agentCertificateSchema = Type.Object(
  {
    agent: Type.String(),
    origin: Type.String({ description: 'Scheme, host and port that the agent is called at.' }),
    pinnedKeys: keys,
    seen: Type.Optional(
      Type.Object(
        {
          subject: Type.String(),
          issuer: Type.String(),
          notBefore: time('When it begins.'),
          notAfter,
          keyPin: pin,
          problem: Type.Optional(
            Type.String({ description: 'Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`.' }),
          ),
          warning: Type.Optional(
            Type.Enum(['ended', 'ends-soon'], { description: 'It has ended, or does within three weeks.' }),
          ),
          checkedAt: time('When it was looked at.'),
        },
        { ...closed, description: 'What the endpoint has shown last; absent when it was never looked at.' },
      ),
    ),
  },
  closed,
);

const ownCertificateSchema = Type.Object(
  {
    listener: Type.Enum(['http', 'grpc']),
    subject: Type.String(),
    issuer: Type.String(),
    names: Type.String({ description: 'The names that it is for, as the certificate lists them.' }),
    notBefore: time('When it begins.'),
    notAfter,
    keyPin: pin,
  },
  closed,
);

const answerOf = ({
  agentName,
  origin,
  pinnedKeys,
  seen,
}: AgentCertificate): Static<typeof agentCertificateSchema> => ({
  agent: agentName,
  origin,
  pinnedKeys: [...pinnedKeys],
  ...(seen === null
    ? {}
    : {
        seen: {
          subject: seen.subject,
          issuer: seen.issuer,
          notBefore: seen.notBefore.toISOString(),
          notAfter: seen.notAfter.toISOString(),
          keyPin: seen.keyPin,
          ...(seen.problem === null ? {} : { problem: seen.problem }),
          ...(seen.warning === null ? {} : { warning: seen.warning }),
          checkedAt: seen.checkedAt.toISOString(),
        },
      }),
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
      pageAnswer(await useCases.listCertificates(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'checkCertificate',
    method: 'POST',
    path: `${agentPath}/certificate`,
    operation: 'certificate.check',
    summary: 'Look at the certificate of the endpoint of an agent now',
    query: noQuery,
    body: null,
    answer: agentCertificateSchema,
    status: 200,
    errors: ['registry.agent-unknown', 'registry.endpoint-plain', 'registry.endpoint-unreachable', 'egress.refused'],
    handle: async (useCases, { caller, path }) => answerOf(await useCases.checkCertificate(caller, path.agent)),
  }),
  endpoint({
    id: 'pinKeys',
    method: 'PUT',
    path: `${agentPath}/pinned-keys`,
    operation: 'agent.pin',
    summary: 'Set the keys that the endpoint of an agent has to show; with none, any key will do',
    query: noQuery,
    body: Type.Object({ keys }, closed),
    answer: agentCertificateSchema,
    status: 200,
    errors: ['registry.agent-unknown', 'registry.endpoint-plain'],
    handle: async (useCases, { caller, path, body }) => answerOf(await useCases.pinKeys(caller, path.agent, body.keys)),
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
