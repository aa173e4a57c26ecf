import type { X509Certificate } from 'node:crypto';
import type { ProviderContext } from 'oidc-provider';

/** What the authorization server asks about the certificate of a request (RFC 8705 section 2). */
export interface CertificateQuestions {
  /** Undefined for none, and for one that is not valid now. */
  readonly getCertificate: (context: ProviderContext) => X509Certificate | undefined;
  /** Whether an authority vouches for it that the client's tenant trusts; the platform's own where the tenant names none. */
  readonly certificateAuthorized: (context: ProviderContext) => boolean;
  /** Whether it shows the name that the client is registered with. */
  readonly certificateSubjectMatches: (context: ProviderContext, property: string, expected: string) => boolean;
}
