import type { CostAllocation } from '../../kernel/caller.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { SecretId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { ClientCredentialRecord, OAuthClient } from './oauth-client.ts';

/** A client to be created. */
export type NewOAuthClient = Omit<OAuthClient, 'createdAt' | 'revokedAt' | 'authMethod'> & {
  readonly authentication: ClientAuthentication;
  /** Null for a client with a key or a certificate. */
  readonly secret: NewClientSecret | null;
};

/** A secret to be added: its hash, never itself. */
export interface NewClientSecret {
  readonly secretId: SecretId;
  /** HMAC-SHA-256, 32 bytes. */
  readonly hash: Uint8Array;
  /** Life from now; null for ever. */
  readonly lifeMs: number | null;
}

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
  /** False when the tenant has no such client. */
  allocate(tenantId: TenantId, clientId: string, allocation: CostAllocation, entry: NewAuditEntry): Promise<boolean>;
  /** A tenant's clients in the order of their ids, which is the order of creation; at most `page.limit` after `page.after`. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly OAuthClient[]>;
  /** A client of any tenant, revoked or not; null when there is none. For use before the tenant is known. */
  find(clientId: string): Promise<ClientCredentialRecord | null>;
}
