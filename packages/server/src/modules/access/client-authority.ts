import type { AuthorityId, TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** An authority that a tenant trusts to vouch for its clients. */
export interface ClientAuthority {
  readonly authorityId: AuthorityId;
  /** For people, 1 to 200 characters. */
  readonly name: string;
  /** PEM text of its certificate. */
  readonly certificate: string;
  /** SHA-256 of the certificate's DER form, base64url. */
  readonly thumbprint: string;
  /** As RFC 4514 writes it. */
  readonly subject: string;
  readonly expiresAt: Date;
  readonly addedAt: Date;
}

/**
 * Durable authorities. Promises of an implementation: a change and its audit entry are one transaction; a tenant never has more than
 * `limits.clientAuthoritiesMax`; every method rejects with `platform.unavailable` when the database is away.
 */
export interface ClientAuthorityStore {
  /** `exists`, `full`: nothing is written but the entry, with outcome `refused`. */
  add(
    tenantId: TenantId,
    authority: Omit<ClientAuthority, 'addedAt'>,
    entry: NewAuditEntry,
  ): Promise<ClientAuthority | 'exists' | 'full'>;
  /** In the order of their ids. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly ClientAuthority[]>;
  /** False when the tenant trusts no such authority. */
  remove(tenantId: TenantId, authorityId: AuthorityId, entry: NewAuditEntry): Promise<boolean>;
}
