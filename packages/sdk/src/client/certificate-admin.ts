import type { AdminCall } from './admin-call.ts';
import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import { listing, making, reading, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { list, object, optional, string } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** What an agent's endpoint has shown of itself. Times are RFC 3339. */
export interface SeenCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of its public key (SPKI), base64. */
  readonly keyPin: string;
  /** Why calls to it fail: a code of TLS. Absent: they do not. */
  readonly problem?: string | undefined;
  /** That it has ended (`ended`), or does within three weeks (`ends-soon`). Absent: there is time. */
  readonly warning?: string | undefined;
  readonly checkedAt: string;
}

/** An agent's endpoint: what it has shown last, and the keys that it has to show. */
export interface AgentCertificate {
  readonly agent: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Empty: any key will do. */
  readonly pinnedKeys: readonly string[];
  /** Absent: never looked at. */
  readonly seen?: SeenCertificate | undefined;
}

/** A certificate that the platform shows to its callers. */
export interface ListenerCertificate {
  /** `http` or `grpc`. */
  readonly listener: string;
  readonly subject: string;
  readonly issuer: string;
  /** The names that it is for. */
  readonly names: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyPin: string;
}

/** Certificates of agents' endpoints and of the platform itself. */
export interface CertificateAdmin {
  list(page?: PageRequest): Promise<Page<AgentCertificate>>;
  /** Looks at an agent's endpoint now. */
  check(agent: string): Promise<AgentCertificate>;
  /** Sets the keys that an agent's endpoint has to show; none lets any do. */
  pin(agent: string, keys: readonly string[]): Promise<AgentCertificate>;
  /** For operators: what the process that answers shows to its callers. */
  ofListeners(): Promise<readonly ListenerCertificate[]>;
}

const seen = object<SeenCertificate>({
  subject: string,
  issuer: string,
  notBefore: string,
  notAfter: string,
  keyPin: string,
  problem: optional(string),
  warning: optional(string),
  checkedAt: string,
});
const certificate: Reader<AgentCertificate> = object<AgentCertificate>({
  agent: string,
  origin: string,
  pinnedKeys: list(string),
  seen: optional(seen),
});
const shown = object<ListenerCertificate>({
  listener: string,
  subject: string,
  issuer: string,
  names: string,
  notBefore: string,
  notAfter: string,
  keyPin: string,
});
const allShown = object<{ readonly items: readonly ListenerCertificate[] }>({ items: list(shown) });

/** The part of the admin client that is about certificates, at the path of a tenant. */
export function certificateAdmin(call: AdminCall, base: string): CertificateAdmin {
  const agentPath = (agent: string): string => `${base}/agents/${encodeURIComponent(agent)}`;
  return {
    list: (query = {}) => call({ ...listing(`${base}/certificates`, query), read: page(certificate) }),
    check: (agent) => call({ ...making(`${agentPath(agent)}/certificate`, {}), read: certificate }),
    pin: (agent, keys) => call({ ...setting(`${agentPath(agent)}/pinned-keys`, { keys }), read: certificate }),
    ofListeners: async () => (await call({ ...reading('/certificates'), read: allShown })).items,
  };
}
