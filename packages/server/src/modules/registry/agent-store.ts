import type { TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentSkill } from './agent-profile.ts';
import type { NewAgent, PublishedCard, RegisteredAgent } from './agent.ts';

/** Which agents of a list are wanted. */
export interface AgentPage extends PageRequest {
  /** Only agents of these names; null for all. */
  readonly names: readonly string[] | null;
}

/**
 * Durable registrations. Promises of an implementation: a change and its audit entry are one transaction; nothing is answered
 * before it is committed; a deregistered agent is found by nothing here, though its open tasks still reach it; no method but
 * `findPublicCard` shows another tenant's agent.
 */
export interface AgentStore {
  /** Null when the tenant has an agent of this name; then nothing is written but the entry, with outcome `refused`. */
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
