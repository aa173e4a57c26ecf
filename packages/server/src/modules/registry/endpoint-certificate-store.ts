import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentCertificate, EndpointCertificate } from './endpoint-certificate.ts';

/** Which endpoints are wanted: at most `limit`, behind that of the agent whose oldest instance is this one; null for all of its endpoints. */
export interface EndpointPage {
  readonly after: { readonly agentName: string; readonly instanceId: InstanceId | null } | null;
  readonly limit: number;
}

/**
 * What is known of the certificates of agents' endpoints. Promises of an implementation: a change of pins and its audit entry are one
 * transaction, after which calls to the agent obey them within `limits.routeRefreshMs`; nothing shows another tenant's agent.
 */
export interface EndpointCertificateStore {
  /** In the order of the agents' names, and of the age of the oldest instance there; an agent without an instance is there once. */
  list(tenantId: TenantId, page: EndpointPage): Promise<readonly AgentCertificate[]>;
  /** The endpoints of an agent, that of its oldest instance first, and one without an instance if it has none. None: the tenant has no such agent. */
  find(tenantId: TenantId, agentName: string): Promise<readonly AgentCertificate[]>;
  /** Keeps what the endpoint of these instances of one agent has shown, in place of what it showed before; nothing of those that have left by now. */
  record(tenantId: TenantId, instanceIds: readonly InstanceId[], seen: EndpointCertificate): Promise<void>;
  /** Sets the keys that the endpoint has to show. False when the tenant has no such agent; then nothing is written. */
  pin(tenantId: TenantId, agentName: string, keys: readonly string[], entry: NewAuditEntry): Promise<boolean>;
}

/** Looks at endpoints over connections that the egress guard has judged. */
export interface EndpointProber {
  /** What the endpoint of an `https:` origin shows. Rejects with `egress.refused` for what the text forbids, else with `registry.endpoint-unreachable`. */
  probe(origin: string, tenantId: TenantId): Promise<EndpointCertificate>;
}
