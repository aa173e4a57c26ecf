/** The certificate that an agent's endpoint has shown. */
export interface EndpointCertificate {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of its public key (SPKI), base64: what a pin names. */
  readonly keyPin: string;
  /** Why the platform would not call an endpoint with it: a code of TLS such as `CERT_HAS_EXPIRED`. Null: it would. */
  readonly problem: string | null;
}

/** That a certificate has ended, or does within `limits.certificateWarningMs`. */
export type CertificateWarning = 'ended' | 'ends-soon';

interface SeenAt {
  readonly checkedAt: Date;
  /** As it is now. Null: there is time. */
  readonly warning: CertificateWarning | null;
}

/** An agent, what its endpoint has shown last, and which keys it has to show. */
export interface AgentCertificate {
  readonly agentName: string;
  /** Scheme, host and port that the agent is called at; empty where its address is none of the web. */
  readonly origin: string;
  /** None: any key will do whose certificate is vouched for. */
  readonly pinnedKeys: readonly string[];
  /** Null: never looked at, or not since the agent has moved. */
  readonly seen: (EndpointCertificate & SeenAt) | null;
}

const pinShape = /^[A-Za-z0-9+/]{43}=$/;

/** Whether a text is the SHA-256 of a public key in base64, as in `curl --pinnedpubkey sha256//…`. */
export function isKeyPin(text: string): boolean {
  return pinShape.test(text);
}
