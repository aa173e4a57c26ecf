import type { GrantId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { Grant } from './grant.ts';

/** A grant to be made. */
export type NewGrant = Omit<Grant, 'createdAt'> & { readonly tenantId: TenantId };

/** Filter for grants: after an id (null: from the first), of one principal or of all, at most `limit`. */
export interface GrantsWanted {
  readonly after: GrantId | null;
  readonly principalId: string | null;
  /** Only grants at one of these agents; null: anywhere. */
  readonly agentNames: readonly string[] | null;
  readonly limit: number;
}

/**
 * Durable grants. Promises of an implementation: a change and its audit entry are one transaction; a role at a place is held once; every
 * process applies a change within `limits.tokenCacheMs`; every method rejects with `platform.unavailable` when the database is away.
 */
export interface GrantStore {
  /**
   * The grant, or the one of this role at this place that the principal has already; then nothing is written. Null when the principal
   * has `limits.grantsPerPrincipalMax`.
   */
  create(grant: NewGrant, entry: NewAuditEntry): Promise<Grant | null>;
  /** A grant in force; null for any other. */
  find(tenantId: TenantId, grantId: GrantId): Promise<Grant | null>;
  /** Grants in force in the order of their ids, which is the order of creation. */
  list(tenantId: TenantId, wanted: GrantsWanted): Promise<readonly Grant[]>;
  /** False when there is none in force; then no entry is written. */
  remove(tenantId: TenantId, grantId: GrantId, entry: NewAuditEntry): Promise<boolean>;
}
