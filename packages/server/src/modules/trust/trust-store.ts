import type { TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { CardPolicy } from './card-policy.ts';
import type { NewCardKey, TrustedCardKey } from './trusted-card-key.ts';

/**
 * Durable trust of tenants. Promises of an implementation: a change and its audit entry are one transaction; nothing is answered before it
 * is committed; no method shows another tenant's rows.
 */
export interface TrustStore {
  /**
   * `exists`: the tenant has a key of this id, perhaps revoked; `full`: it has `limits.trustedCardKeysMax` keys that are not. Then nothing is
   * written but the entry, with outcome `refused`.
   */
  addKey(tenantId: TenantId, key: NewCardKey, entry: NewAuditEntry): Promise<TrustedCardKey | 'exists' | 'full'>;
  /** Keys in the order of their ids, revoked ones too, after the id `page.after`; at most `page.limit`. */
  listKeys(tenantId: TenantId, page: PageRequest): Promise<readonly TrustedCardKey[]>;
  /** Keys of these ids that are not revoked. */
  findKeys(tenantId: TenantId, kids: readonly string[]): Promise<readonly TrustedCardKey[]>;
  /** False when the tenant has no such key, or it is revoked; then nothing is written. */
  revokeKey(tenantId: TenantId, kid: string, entry: NewAuditEntry): Promise<boolean>;
  /** Null when the tenant chose nothing. */
  findPolicy(tenantId: TenantId): Promise<CardPolicy | null>;
  setPolicy(tenantId: TenantId, policy: CardPolicy, entry: NewAuditEntry): Promise<void>;
}
