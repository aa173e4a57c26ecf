import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { InstanceId } from '../../kernel/ids.ts';

/** The certificate that an agent's endpoint presented. */
export interface EndpointCertificate {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of its public key (SPKI), base64, as in a pin. */
  readonly keyPin: string;
  /** Why the platform refuses the certificate: a TLS code such as `CERT_HAS_EXPIRED`. Null: it is accepted. */
  readonly problem: string | null;
}

/** A certificate has expired, or expires within `limits.certificateWarningMs`. */
export type CertificateWarning = 'ended' | 'ends-soon';

interface SeenAt {
  readonly checkedAt: Date;
  /** Evaluated now. Null: no warning. */
  readonly warning: CertificateWarning | null;
}

/** An endpoint of an agent, its last certificate and its pinned keys. */
export interface AgentCertificate {
  readonly agentName: string;
  /** Scheme, host and port; empty when the agent has no instance, or an address without an origin. */
  readonly origin: string;
  /** The instances at this origin, the oldest first; empty when the agent has no instance. */
  readonly instanceIds: readonly InstanceId[];
  /** Empty: any key with a valid certificate is accepted. */
  readonly pinnedKeys: readonly string[];
  /** Null: never checked, or not since the agent moved. */
  readonly seen: (EndpointCertificate & SeenAt) | null;
}

/** An endpoint that a caller asked to check. */
export interface CheckedEndpoint extends AgentCertificate {
  /** Why the check failed. Null: it succeeded. */
  readonly failure: ErrorCode | null;
}

/** Whether the last presented key is pinned. Null: the endpoint was never checked, or has no pinned keys. */
export function showsPinnedKey({ pinnedKeys, seen }: AgentCertificate): boolean | null {
  return seen === null || pinnedKeys.length === 0 ? null : pinnedKeys.includes(seen.keyPin);
}

/** Whether an endpoint uses TLS. */
export function hasTls({ origin }: Pick<AgentCertificate, 'origin'>): boolean {
  return origin.startsWith('https:');
}

const pinShape = /^[A-Za-z0-9+/]{43}=$/;

/** Whether a text is a base64 SHA-256 of a public key, as in `curl --pinnedpubkey sha256//…`. */
export function isKeyPin(text: string): boolean {
  return pinShape.test(text);
}
