import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { RoutingPolicy } from './routing-policy.ts';

/** Routing policies of agents. Every change reaches every process within `limits.routeRefreshMs`. */
export interface AgentRoutingStore {
  /** The policy of an agent; null when none is set; undefined when the tenant has no such agent. */
  find(tenantId: TenantId, agentName: string): Promise<RoutingPolicy | null | undefined>;
  /** Sets the policy, or removes it for null, and writes the audit entry. False when the tenant has no such agent: nothing is written. */
  set(tenantId: TenantId, agentName: string, policy: RoutingPolicy | null, entry: NewAuditEntry): Promise<boolean>;
}
