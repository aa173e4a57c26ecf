import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { showsPinnedKey, listCertificates, checkCertificate, pinKeys } from '../../../modules/registry/index.ts';
import type { AgentCertificate, CheckedEndpoint } from '../../../modules/registry/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, time, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from '../page-schemas.ts';

const pin = Type.String({
  minLength: 44,
  maxLength: 44,
  description: 'SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix.',
});
export const keys = Type.Array(pin, { maxItems: limits.pinnedKeysMax });
const notAfter = time('When it ends.');

const seen = Type.Object(
  {
    subject: Type.String(),
    issuer: Type.String(),
    notBefore: time('When it begins.'),
    notAfter,
    keyPin: pin,
    pinned: Type.Optional(
      Type.Boolean({
        description: 'Whether its key is a pinned one; absent when any key will do. Calls to it fail: not.',
      }),
    ),
    problem: Type.Optional(
      Type.String({ description: 'Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`.' }),
    ),
    warning: Type.Optional(
      Type.Enum(['ended', 'ends-soon'], { description: 'It has ended, or does within three weeks.' }),
    ),
    checkedAt: time('When it was checked.'),
  },
  { ...closed, description: 'The certificate that the endpoint showed last; absent when it was never checked.' },
);
const certificateFields = {
  agent: Type.String(),
  origin: Type.String({
    description: 'Scheme, host and port that the agent is called at there; empty when it has no instance.',
  }),
  instances: Type.Array(Type.String(), {
    description: 'Ids of its instances there, the oldest first; those that left or fell silent are not among them.',
  }),
  pinnedKeys: keys,
  seen: Type.Optional(seen),
};
const agentCertificateSchema = Type.Object(certificateFields, closed);

const agentCertificatesSchema = Type.Object(
  {
    ...certificateFields,
    endpoints: Type.Array(
      Type.Object(
        {
          ...certificateFields,
          failure: Type.Optional(
            Type.String({ description: 'Why it was not checked: a code such as `registry.endpoint-unreachable`.' }),
          ),
        },
        closed,
      ),
      { description: 'Every endpoint of the agent that was asked for, that of its oldest instance first.' },
    ),
  },
  { ...closed, description: 'The first endpoint that could be checked, and all of them.' },
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

function certificateAnswer(certificate: AgentCertificate): Static<typeof agentCertificateSchema> {
  const { agentName, origin, instanceIds, pinnedKeys, seen: shown } = certificate;
  const pinned = showsPinnedKey(certificate);
  return {
    agent: agentName,
    origin,
    instances: [...instanceIds],
    pinnedKeys: [...pinnedKeys],
    ...(shown === null
      ? {}
      : {
          seen: {
            subject: shown.subject,
            issuer: shown.issuer,
            notBefore: shown.notBefore.toISOString(),
            notAfter: shown.notAfter.toISOString(),
            keyPin: shown.keyPin,
            ...(pinned === null ? {} : { pinned }),
            ...(shown.problem === null ? {} : { problem: shown.problem }),
            ...(shown.warning === null ? {} : { warning: shown.warning }),
            checkedAt: shown.checkedAt.toISOString(),
          },
        }),
  };
}

/** Of endpoints that are there: the use cases resolve with one at least. */
function certificatesAnswer(certificates: readonly CheckedEndpoint[]): Static<typeof agentCertificatesSchema> {
  const first = certificates.find(({ failure }) => failure === null) ?? certificates[0];
  if (first === undefined) throw new Error('An agent has no endpoint.');
  const endpoints = certificates.map((certificate) => ({
    ...certificateAnswer(certificate),
    ...(certificate.failure === null ? {} : { failure: certificate.failure }),
  }));
  return { ...certificateAnswer(first), endpoints };
}

const origin = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'The one endpoint to check, as the list shows it.',
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
    summary: 'Check the certificates of the endpoints of an agent now, or one of them',
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
