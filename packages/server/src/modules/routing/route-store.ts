import type { AgentId, TenantId } from '../../kernel/ids.ts';
import type { Route } from './route.ts';

/** Reads registrations. Finding answers null for an agent that is unknown, deregistered, stopped or another tenant's. */
export interface RouteStore {
  findByName(tenantId: TenantId, agentName: string): Promise<Route | null>;
  /** Also finds a deregistered or stopped agent, whose open tasks still have to be finished. */
  findById(tenantId: TenantId, agentId: AgentId): Promise<Route | null>;
  /** Whether an agent of the tenant has, or had, this name. */
  everHeld(tenantId: TenantId, agentName: string): Promise<boolean>;
}
