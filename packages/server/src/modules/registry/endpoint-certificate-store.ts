import type { TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentCertificate, EndpointCertificate } from './endpoint-certificate.ts';

/**
 * What is known of the certificates of agents' endpoints. Promises of an implementation: a change of pins and its audit entry are one
 * transaction, after which calls to the agent obey them within `limits.routeRefreshMs`; nothing shows another tenant's agent.
 */
export interface EndpointCertificateStore {
  /** Agents in the order of their names, after the name `page.after`; at most `page.limit`. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly AgentCertificate[]>;
  /** Null when the tenant has no such agent. */
  find(tenantId: TenantId, agentName: string): Promise<AgentCertificate | null>;
  /** Keeps what an endpoint has shown, in place of what it showed before. */
  record(tenantId: TenantId, agentName: string, seen: EndpointCertificate): Promise<void>;
  /** Sets the keys that the endpoint has to show. False when the tenant has no such agent; then nothing is written. */
  pin(tenantId: TenantId, agentName: string, keys: readonly string[], entry: NewAuditEntry): Promise<boolean>;
}

/** Looks at endpoints over connections that the egress guard has judged. */
export interface EndpointProber {
  /** What the endpoint of an `https:` origin shows. Rejects with `egress.refused` for what the text forbids, else with `registry.endpoint-unreachable`. */
  probe(origin: string, tenantId: TenantId): Promise<EndpointCertificate>;
}
