import type { CostAllocation } from '../../kernel/caller.ts';
import type { ApiKeyId, TenantId } from '../../kernel/ids.ts';

/** A key of a tenant's program, as its tenant may see it. */
export interface ApiKey {
  readonly keyId: ApiKeyId;
  /** The principal of the key, the same for all keys of one name. It owns the tasks that are sent with them. */
  readonly principalId: string;
  /** For people, 1 to 200 characters. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** The agents that it may call, by name; null: every agent of the tenant. */
  readonly agentNames: readonly string[] | null;
  readonly allocation: CostAllocation;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To about a minute; null: never. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key together with the only showing of its text. */
export interface CreatedApiKey {
  readonly key: ApiKey;
  readonly apiKey: string;
}

/** The part of a key that its check needs. */
export interface ApiKeyRecord extends Pick<ApiKey, 'keyId' | 'principalId' | 'scopes' | 'agentNames'> {
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  /** HMAC-SHA-256 of the whole text, 32 bytes. */
  readonly secretHash: Uint8Array;
  /** Milliseconds to its end, by the database's clock. */
  readonly leftMs: number;
  /** Neither revoked nor past its end, by the database's clock. */
  readonly isLive: boolean;
  /** Absent for a key with neither a department nor a cost center. */
  readonly allocation?: CostAllocation;
}
