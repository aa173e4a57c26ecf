import type { X509Certificate } from 'node:crypto';
import type { ProviderContext } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { TrustedAuthorities } from '../http/index.ts';
import type { PeerCertificate } from '../http/index.ts';
import type { CertificateQuestions } from './certificate-questions.ts';

export function certificateQuestions(
  certificateOf: (context: ProviderContext) => PeerCertificate | null,
  clock: Clock,
): CertificateQuestions {
  return {
    getCertificate: (context) => {
      const certificate = certificateOf(context)?.certificate;
      return certificate !== undefined && isCurrent(certificate, clock.nowMs()) ? certificate : undefined;
    },
    certificateAuthorized: (context) => {
      const presented = certificateOf(context);
      if (presented === null) return false;
      const bundle = authoritiesOf(context);
      if (bundle.length === 0) return presented.chainVerified;
      // Each is a trust anchor of its own: the certificate chain that the sender sends is not used.
      return new TrustedAuthorities(clock, bundle.join('\n')).vouchFor(presented.certificate, []);
    },
    certificateSubjectMatches: (context, property, expected) =>
      namesOf(certificateOf(context), property).includes(expected),
  };
}

function namesOf(presented: PeerCertificate | null, property: string): readonly string[] {
  if (presented === null) return [];
  const { subjectDn, altNames } = presented;
  switch (property) {
    case 'tls_client_auth_subject_dn':
      return [subjectDn];
    case 'tls_client_auth_san_dns':
      return altNames.dns;
    case 'tls_client_auth_san_uri':
      return altNames.uri;
    case 'tls_client_auth_san_ip':
      return altNames.ip;
    case 'tls_client_auth_san_email':
      return altNames.email;
    default:
      return [];
  }
}

function authoritiesOf({ oidc }: ProviderContext): readonly string[] {
  const listed = oidc.client?.['client_authorities'];
  return Array.isArray(listed) ? listed.map(String) : [];
}

function isCurrent({ validFromDate, validToDate }: X509Certificate, nowMs: number): boolean {
  return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
}
