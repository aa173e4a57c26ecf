import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentCertificate, EndpointCertificate } from './endpoint-certificate.ts';

/** A page of endpoints: at most `limit`, after the endpoint whose oldest instance is `after.instanceId`; null: after the agent's last one. */
export interface EndpointPage {
  readonly after: { readonly agentName: string; readonly instanceId: InstanceId | null } | null;
  readonly limit: number;
}

/**
 * Certificates of agents' endpoints. Promises of an implementation: a change of pinned keys and its audit entry are one transaction, and
 * calls to the agent obey the new keys within `limits.routeRefreshMs`; no method shows another tenant's agent.
 */
export interface EndpointCertificateStore {
  /** By the agent's name, then by the age of the endpoint's oldest instance. An agent without an instance is listed once. */
  list(tenantId: TenantId, page: EndpointPage): Promise<readonly AgentCertificate[]>;
  /** The endpoints of an agent, the one of its oldest instance first; a single row without an instance if it has none. Empty: no such agent. */
  find(tenantId: TenantId, agentName: string): Promise<readonly AgentCertificate[]>;
  /** Stores the certificate of the endpoint of these instances in place of the earlier one; instances that have left by now are skipped. */
  record(tenantId: TenantId, instanceIds: readonly InstanceId[], seen: EndpointCertificate): Promise<void>;
  /** Sets the pinned keys. False when the tenant has no such agent; then nothing is written. */
  pin(tenantId: TenantId, agentName: string, keys: readonly string[], entry: NewAuditEntry): Promise<boolean>;
}

/** Probes endpoints over connections that the egress guard allows. */
export interface EndpointProber {
  /** The certificate of an `https:` origin. Rejects with `egress.refused` for a forbidden address, else with `registry.endpoint-unreachable`. */
  probe(origin: string, tenantId: TenantId): Promise<EndpointCertificate>;
}
