import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { PolicySubject, ResilienceSettings, ConfiguredPolicy } from './resilience-policy.ts';

/** `agent-unknown`: the tenant lacks the agent or a fallback agent. `skill-unknown`: the agent has no such skill. */
export type PolicyOutcome = 'set' | 'agent-unknown' | 'skill-unknown';

/** Resilience policies. Every change is one transaction with its audit entry. Methods reject with `platform.unavailable` when the database is away. */
export interface PolicyStore {
  /** In the order of agent and skill. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<ConfiguredPolicy>>;
  /** Replaces the policy of a subject. */
  set(
    tenantId: TenantId,
    subject: PolicySubject,
    settings: ResilienceSettings,
    entry: NewAuditEntry,
  ): Promise<PolicyOutcome>;
  /** False when nothing was set. */
  unset(tenantId: TenantId, subject: PolicySubject, entry: NewAuditEntry): Promise<boolean>;
}
