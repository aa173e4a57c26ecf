import type { AgentId, TenantId } from '../../kernel/ids.ts';
import type { Route } from './route.ts';

/** Reads routes. `find` returns null for an agent that is unknown, deregistered, suspended or another tenant's. */
export interface RouteStore {
  findByName(tenantId: TenantId, agentName: string): Promise<Route | null>;
  /** Also finds a deregistered or suspended agent, whose open tasks still have to be finished. */
  findById(tenantId: TenantId, agentId: AgentId): Promise<Route | null>;
  /** Whether an agent of the tenant has or had this name. */
  everHeld(tenantId: TenantId, agentName: string): Promise<boolean>;
}
