import type { Principal } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';

/** A registered program of a tenant, as its tenant may see it. */
export interface OAuthClient {
  /** `cli_` + 32 hex digits; the principal's id. */
  readonly clientId: string;
  /** For people, 1 to 200 characters; unique in the tenant, also among revoked clients. */
  readonly name: string;
  readonly kind: Principal['kind'];
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** A client together with the only showing of its secret. */
export interface CreatedOAuthClient {
  readonly client: OAuthClient;
  readonly clientSecret: string;
}

/** What the token endpoint and the token check need of a client. */
export interface ClientCredentialRecord {
  readonly clientId: string;
  readonly kind: Principal['kind'];
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  readonly scopes: readonly string[];
  /** HMAC-SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Uint8Array;
  readonly isRevoked: boolean;
}
