import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';

/** A conversation of one principal with one agent. */
export interface AgentContext {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly ownerId: string;
  readonly contextId: string;
}

/** Where contexts are. Knows those of agents that had several instances, and whose policy keeps contexts together, when the task was sent. */
export interface ContextPlaces {
  /** The instance that was given the newest task of the context; null when there was none. Throws `platform.unavailable`. */
  findPlace(context: AgentContext): Promise<InstanceId | null>;
}
