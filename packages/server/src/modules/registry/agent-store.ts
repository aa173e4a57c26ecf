import type { TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentSkill } from './agent-profile.ts';
import type { NewAgent, PublishedCard, RegisteredAgent } from './agent.ts';

/** The requested page of a list of agents. */
export interface AgentPage extends PageRequest {
  /** Only agents of these names; null for all. */
  readonly names: readonly string[] | null;
}

/**
 * Durable registrations. Promises of an implementation: a change and its audit entry are one transaction; methods resolve after the
 * commit; no method finds a deregistered agent, though its open tasks still reach it; only `findPublicCard` shows an agent of another
 * tenant.
 */
export interface AgentStore {
  /** Null when the tenant has an agent of this name; then only the entry is written, with outcome `refused`. */
  register(agent: NewAgent, entry: NewAuditEntry): Promise<RegisteredAgent | null>;
  /** Agents in the order of their names, after the name `page.after`; at most `page.limit`. */
  list(tenantId: TenantId, page: AgentPage): Promise<readonly RegisteredAgent[]>;
  /** Null when the tenant has no such agent. */
  find(tenantId: TenantId, name: string): Promise<RegisteredAgent | null>;
  /** The skills of an agent in the order of its card; none when the tenant has no such agent. */
  listSkills(tenantId: TenantId, name: string): Promise<readonly AgentSkill[]>;
  /** False when the tenant has no such agent; then nothing is written. */
  deregister(tenantId: TenantId, name: string, entry: NewAuditEntry): Promise<boolean>;
  /** The current card of an agent; null when the tenant has no such agent. */
  findCard(tenantId: TenantId, name: string): Promise<PublishedCard | null>;
  /** As `findCard`, for readers without a tenant; null also when the card is not public. */
  findPublicCard(tenantSlug: string, name: string): Promise<PublishedCard | null>;
}
