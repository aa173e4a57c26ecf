import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { EgressAllowance } from './egress-allowance.ts';

/**
 * Durable allowances. Promises of an implementation: a change and its audit entry are one transaction; nothing is answered before it is
 * committed; no method shows another tenant's rows. Every method rejects with `platform.unavailable`.
 */
export interface EgressAllowanceStore {
  /** All of a tenant in the order of their targets; at most `limits.egressAllowancesMax`. */
  list(tenantId: TenantId): Promise<readonly EgressAllowance[]>;
  /** Null, and nothing is written, when the tenant has its maximum. An allowance that exists is returned unchanged. */
  add(
    tenantId: TenantId,
    allowance: Omit<EgressAllowance, 'createdAt'>,
    entry: NewAuditEntry,
  ): Promise<EgressAllowance | null>;
  /** False when the tenant has no such allowance; then nothing is written. */
  remove(tenantId: TenantId, target: string, entry: NewAuditEntry): Promise<boolean>;
}
