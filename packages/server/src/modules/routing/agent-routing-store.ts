import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { RoutingPolicy } from './routing-policy.ts';

/** The routing policies that tenants set for their agents. Every change reaches every process within `limits.routeRefreshMs`. */
export interface AgentRoutingStore {
  /** The policy of an agent, `null` for one that nobody said anything of; undefined when the tenant has no such agent. */
  find(tenantId: TenantId, agentName: string): Promise<RoutingPolicy | null | undefined>;
  /** Sets the policy, or takes it back with null, and writes the audit entry. False when the tenant has no such agent: nothing is written. */
  set(tenantId: TenantId, agentName: string, policy: RoutingPolicy | null, entry: NewAuditEntry): Promise<boolean>;
}
