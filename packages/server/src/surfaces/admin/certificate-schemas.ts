import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { showsPinnedKey } from '../../modules/registry/index.ts';
import type { AgentCertificate, CheckedEndpoint } from '../../modules/registry/index.ts';
import { closed, time } from './page-schemas.ts';

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
    checkedAt: time('When it was looked at.'),
  },
  { ...closed, description: 'What the endpoint has shown last; absent when it was never looked at.' },
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
export const agentCertificateSchema = Type.Object(certificateFields, closed);

export const agentCertificatesSchema = Type.Object(
  {
    ...certificateFields,
    endpoints: Type.Array(
      Type.Object(
        {
          ...certificateFields,
          failure: Type.Optional(
            Type.String({ description: 'Why it was not looked at: a code such as `registry.endpoint-unreachable`.' }),
          ),
        },
        closed,
      ),
      { description: 'Every endpoint of the agent that was asked for, that of its oldest instance first.' },
    ),
  },
  { ...closed, description: 'The first endpoint that could be looked at, and all of them.' },
);

export const ownCertificateSchema = Type.Object(
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

export function certificateAnswer(certificate: AgentCertificate): Static<typeof agentCertificateSchema> {
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
export function certificatesAnswer(certificates: readonly CheckedEndpoint[]): Static<typeof agentCertificatesSchema> {
  const first = certificates.find(({ failure }) => failure === null) ?? certificates[0];
  if (first === undefined) throw new Error('An agent has no endpoint.');
  const endpoints = certificates.map((certificate) => ({
    ...certificateAnswer(certificate),
    ...(certificate.failure === null ? {} : { failure: certificate.failure }),
  }));
  return { ...certificateAnswer(first), endpoints };
}
