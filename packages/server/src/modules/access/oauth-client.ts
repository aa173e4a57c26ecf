import type { CostAllocation, Principal } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { ClientAuthentication, ClientAuthMethod } from './client-authentication.ts';
import type { TokenBinding } from './token-binding.ts';

/** A registered program of a tenant, in its tenant's view. */
export interface OAuthClient {
  /** `cli_` + 32 hex digits; the principal's id. */
  readonly clientId: string;
  /** For people, 1 to 200 characters; unique in the tenant, also among revoked clients. */
  readonly name: string;
  readonly kind: Principal['kind'];
  readonly scopes: readonly string[];
  readonly authMethod: ClientAuthMethod;
  readonly tokenBinding: TokenBinding;
  readonly allocation: CostAllocation;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** A new client with its secret, which is shown only once. */
export interface CreatedOAuthClient {
  readonly client: OAuthClient;
  readonly clientSecret: string;
}

/** The part of a client that the token endpoint and the token check need. */
export interface ClientCredentialRecord {
  readonly clientId: string;
  readonly kind: Principal['kind'];
  readonly tenant: { readonly id: TenantId; readonly slug: string };
  readonly scopes: readonly string[];
  readonly authentication: ClientAuthentication;
  readonly tokenBinding: TokenBinding;
  /** HMAC-SHA-256 of each secret that lives, 32 bytes; none for a client with a key or a certificate. */
  readonly secretHashes: readonly Uint8Array[];
  /** PEM certificates of the authorities that its tenant trusts; only for a client that presents one of theirs. */
  readonly authorities: readonly string[];
  readonly isRevoked: boolean;
  /** Absent for a client with neither a department nor a cost center. */
  readonly allocation?: CostAllocation;
}
