import type { ApiKeyId, TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ApiKey, ApiKeyRecord } from './api-key.ts';

/** A key to be created. `secretHash` is the hash of its text, never the text itself. */
export interface NewApiKey extends Pick<
  ApiKey,
  'keyId' | 'name' | 'scopes' | 'agentNames' | 'allocation' | 'createdBy'
> {
  readonly secretHash: Uint8Array;
  readonly lifeMs: number;
}

/** A key, and the tenant that used it. */
export interface ApiKeyUse {
  readonly tenantId: TenantId;
  readonly keyId: ApiKeyId;
}

/**
 * Durable API keys. Promises of an implementation: a change and its audit entry are one transaction; nothing is answered before it is
 * committed; an id belongs to one key for ever; every method rejects with `platform.unavailable` when the database is away.
 */
export interface ApiKeyStore {
  /**
   * Null when the name has `limits.apiKeysPerNameMax` live keys or the tenant `limits.apiKeysPerTenantMax`, also when several are
   * created at once; then nothing is written but the entry, with outcome `refused`.
   */
  create(tenantId: TenantId, key: NewApiKey, entry: NewAuditEntry): Promise<ApiKey | null>;
  /** False when the tenant has no such key. Revoking again changes nothing and writes no entry. */
  revoke(tenantId: TenantId, keyId: ApiKeyId, entry: NewAuditEntry): Promise<boolean>;
  /** A tenant's keys in the order of their ids, which is the order of creation; at most `page.limit` after `page.after`. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly ApiKey[]>;
  /** A key of any tenant, live or not; null when there is none. For use before the tenant is known. */
  find(keyId: ApiKeyId): Promise<ApiKeyRecord | null>;
  /** Notes that these keys, of whatever tenants, were used about now. */
  noteUses(uses: readonly ApiKeyUse[]): Promise<void>;
}
