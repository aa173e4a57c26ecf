import type { AdminCall } from './admin-call.ts';
import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import { listing, making, reading, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { boolean, list, object, optional, string } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** What an agent's endpoint has shown of itself. Times are RFC 3339. */
export interface SeenCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of its public key (SPKI), base64. */
  readonly keyPin: string;
  /** Whether its key is a pinned one; calls to it fail when not. Absent: any key will do. */
  readonly pinned?: boolean | undefined;
  /** Why calls to it fail: a code of TLS. Absent: they do not. */
  readonly problem?: string | undefined;
  /** That it has ended (`ended`), or does within three weeks (`ends-soon`). Absent: there is time. */
  readonly warning?: string | undefined;
  readonly checkedAt: string;
}

/** An endpoint of an agent: what it has shown last, and the keys that it has to show. */
export interface AgentCertificate {
  readonly agent: string;
  /** Scheme, host and port; empty when the agent has no instance. */
  readonly origin: string;
  /** Ids of the agent's instances there, the oldest first; those that left or fell silent are not among them. */
  readonly instances: readonly string[];
  /** Empty: any key will do. */
  readonly pinnedKeys: readonly string[];
  /** Absent: never looked at. */
  readonly seen?: SeenCertificate | undefined;
}

/** An endpoint that was to be looked at. */
export interface CheckedCertificate extends AgentCertificate {
  /** Why it was not looked at: a code such as `registry.endpoint-unreachable`. Absent: it was. */
  readonly failure?: string | undefined;
}

/** The first endpoint of an agent that could be looked at, and all that were asked for. */
export interface AgentCertificates extends AgentCertificate {
  /** That of the oldest instance first. */
  readonly endpoints: readonly CheckedCertificate[];
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
  /** Every endpoint of every agent. */
  list(page?: PageRequest): Promise<Page<AgentCertificate>>;
  /** Looks at an agent's endpoints now, or at the one of `origin`. Rejects with the failure of the first when none could be looked at. */
  check(agent: string, only?: { readonly origin?: string | undefined }): Promise<AgentCertificates>;
  /** Sets the keys of which an agent's endpoints have to show one; none lets any do. What they have shown is of their last look. */
  pin(agent: string, keys: readonly string[]): Promise<AgentCertificates>;
  /** For operators: what the process that answers shows to its callers. */
  ofListeners(): Promise<readonly ListenerCertificate[]>;
}

const seen = object<SeenCertificate>({
  subject: string,
  issuer: string,
  notBefore: string,
  notAfter: string,
  keyPin: string,
  pinned: optional(boolean),
  problem: optional(string),
  warning: optional(string),
  checkedAt: string,
});
const certificateFields = {
  agent: string,
  origin: string,
  instances: list(string),
  pinnedKeys: list(string),
  seen: optional(seen),
};
const certificate: Reader<AgentCertificate> = object<AgentCertificate>(certificateFields);
const certificates: Reader<AgentCertificates> = object<AgentCertificates>({
  ...certificateFields,
  endpoints: list(object<CheckedCertificate>({ ...certificateFields, failure: optional(string) })),
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
    check: (agent, { origin } = {}) =>
      call({ ...making(`${agentPath(agent)}/certificate`, {}), query: { origin }, read: certificates }),
    pin: (agent, keys) => call({ ...setting(`${agentPath(agent)}/pinned-keys`, { keys }), read: certificates }),
    ofListeners: async () => (await call({ ...reading('/certificates'), read: allShown })).items,
  };
}
