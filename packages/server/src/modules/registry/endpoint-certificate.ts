import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { InstanceId } from '../../kernel/ids.ts';

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

/** An endpoint of an agent, what it has shown last, and which keys it has to show. */
export interface AgentCertificate {
  readonly agentName: string;
  /** Scheme, host and port that the agent is called at; empty where its address is none of the web, and where it has no instance. */
  readonly origin: string;
  /** Its instances there, the oldest first; none: it has no instance at all. */
  readonly instanceIds: readonly InstanceId[];
  /** None: any key will do whose certificate is vouched for. */
  readonly pinnedKeys: readonly string[];
  /** Null: never looked at, or not since the agent has moved. */
  readonly seen: (EndpointCertificate & SeenAt) | null;
}

/** An endpoint that somebody wanted to be looked at. */
export interface CheckedEndpoint extends AgentCertificate {
  /** Why it was not looked at. Null: it was. */
  readonly failure: ErrorCode | null;
}

/** Whether the key that an endpoint has shown last is one that it has to show. Null: it was never looked at, or any key will do. */
export function showsPinnedKey({ pinnedKeys, seen }: AgentCertificate): boolean | null {
  return seen === null || pinnedKeys.length === 0 ? null : pinnedKeys.includes(seen.keyPin);
}

/** Whether an endpoint has a certificate to show. */
export function hasTls({ origin }: Pick<AgentCertificate, 'origin'>): boolean {
  return origin.startsWith('https:');
}

const pinShape = /^[A-Za-z0-9+/]{43}=$/;

/** Whether a text is the SHA-256 of a public key in base64, as in `curl --pinnedpubkey sha256//…`. */
export function isKeyPin(text: string): boolean {
  return pinShape.test(text);
}
