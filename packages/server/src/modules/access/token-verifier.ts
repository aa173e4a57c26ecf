import type { Principal } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Confirmation } from './confirmation.ts';

/** What an access token of ours says (RFC 9068 section 2.2, with our claims `tid`, `tenant` and `pk`). */
export interface TokenClaims {
  readonly clientId: string;
  readonly principalKind: Principal['kind'];
  readonly tenantId: TenantId;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** `cnf`; null for a bearer token. */
  readonly confirmation: Confirmation | null;
}

/** Judges access tokens. */
export interface TokenVerifier {
  /**
   * The claims of a token that we signed, for us, and that is valid now; null for every other string, whatever is wrong with it.
   * Rejects with `platform.unavailable` when keys can not be read; it then has not judged the token.
   */
  verify(token: string): Promise<TokenClaims | null>;
}
