import type { PageRequest } from '../../kernel/page.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ClientCredentialRecord, OAuthClient } from './oauth-client.ts';

/** A client to be created. `secretHash` is the hash of its secret, never the secret itself. */
export type NewOAuthClient = Omit<OAuthClient, 'createdAt' | 'revokedAt'> & { readonly secretHash: Uint8Array };

/**
 * Durable OAuth clients. Promises of an implementation: a change and its audit entry are one transaction; nothing is answered
 * before it is committed; an id belongs to one client for ever; every method rejects with `platform.unavailable` when the
 * database is away.
 */
export interface OAuthClientStore {
  /** Null when the tenant has a client of this name; then nothing is written but the entry, with outcome `refused`. */
  create(tenantId: TenantId, client: NewOAuthClient, entry: NewAuditEntry): Promise<OAuthClient | null>;
  /** False when the tenant has no such client. Revoking again changes nothing and writes no entry. */
  revoke(tenantId: TenantId, clientId: string, entry: NewAuditEntry): Promise<boolean>;
  /** A tenant's clients in the order of their ids, which is the order of creation; at most `page.limit` after `page.after`. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly OAuthClient[]>;
  /** A client of any tenant, revoked or not; null when there is none. For use before the tenant is known. */
  find(clientId: string): Promise<ClientCredentialRecord | null>;
}
