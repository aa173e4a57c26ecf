import type { IssuerId, TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ExternalIssuer, IssuerRecord, IssuerSettings, TokenAddress } from './external-issuer.ts';

/** An issuer to be registered. */
export type NewExternalIssuer = Omit<ExternalIssuer, 'createdAt' | 'removedAt'>;

/**
 * Durable registrations of external issuers. Promises of an implementation: a change and its audit entry are one transaction; a method
 * resolves after its commit; an issuer with an audience has one registration of one tenant at a time, also when two tenants register at
 * once; every method rejects with `platform.unavailable` when the database cannot be reached.
 */
export interface ExternalIssuerStore {
  /**
   * `exists` when issuer and audience are registered already, by any tenant; `full` when the tenant has
   * `limits.externalIssuersPerTenantMax`. Then nothing is written but the entry, with outcome `refused`.
   */
  register(
    tenantId: TenantId,
    issuer: NewExternalIssuer,
    entry: NewAuditEntry,
  ): Promise<ExternalIssuer | 'exists' | 'full'>;
  /** Null when the tenant has no such issuer. */
  change(
    tenantId: TenantId,
    issuerId: IssuerId,
    settings: IssuerSettings,
    entry: NewAuditEntry,
  ): Promise<ExternalIssuer | null>;
  /** False when the tenant has no such issuer. */
  remove(tenantId: TenantId, issuerId: IssuerId, entry: NewAuditEntry): Promise<boolean>;
  /** A tenant's issuers in the order of their ids, removed ones too; at most `page.limit` after `page.after`. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly ExternalIssuer[]>;
  /** The registration, of any tenant, that tokens of this issuer for this audience belong to; null when there is none. */
  find(address: TokenAddress): Promise<IssuerRecord | null>;
}
