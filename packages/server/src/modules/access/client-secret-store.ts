import type { PageRequest } from '../../kernel/page.ts';
import type { SecretId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ClientSecret } from './client-secret.ts';
import type { NewClientSecret } from './oauth-client-store.ts';

/**
 * Durable secrets of clients. Promises of an implementation: a change and its audit entry are one transaction; a client never has more
 * than `limits.clientSecretsMax` that live; every method rejects with `platform.unavailable` when the database is away.
 */
export interface ClientSecretStore {
  /**
   * Adds a secret to an active client. `unknown`: the tenant has no such client; `keyless`: it has a key or a certificate instead of
   * secrets; `full`: it has its maximum. Then only the entry is written, with outcome `refused`; for `unknown` nothing.
   */
  add(
    tenantId: TenantId,
    clientId: string,
    secret: NewClientSecret,
    entry: NewAuditEntry,
  ): Promise<ClientSecret | 'unknown' | 'keyless' | 'full'>;
  /** The secrets of a client of the tenant in the order of their ids; null when there is no such client. */
  list(tenantId: TenantId, clientId: string, page: PageRequest): Promise<readonly ClientSecret[] | null>;
  /** False when the client has no such active secret. */
  revoke(tenantId: TenantId, clientId: string, secretId: SecretId, entry: NewAuditEntry): Promise<boolean>;
}
