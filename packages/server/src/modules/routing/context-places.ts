import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';

/** A conversation of one principal with one agent. */
export interface AgentContext {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly ownerId: string;
  readonly contextId: string;
}

/** The instances that hold contexts. Covers tasks that were sent while their agent had several instances and a sticky policy. */
export interface ContextPlaces {
  /** The instance of the newest task of the context; null when there is none. Throws `platform.unavailable`. */
  findPlace(context: AgentContext): Promise<InstanceId | null>;
}
