import type { BoundResource, Principal } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Confirmation } from './confirmation.ts';

/** The claims of an access token of ours (RFC 9068 section 2.2, RFC 8693 section 4, with our claims `tid`, `tenant`, `pk`, `gid` and `from`). */
export interface TokenClaims {
  /** `kid`: which of our keys signed it. */
  readonly keyId: string;
  /** `jti`: unique; what a revocation names. */
  readonly tokenId: string;
  /** The OAuth client that the token was issued to. */
  readonly clientId: string;
  /** `sub` with its kind: the principal that the token acts for. */
  readonly principal: Principal;
  /** `act` from the outside in: the actors, nearest first, at most `limits.delegationActorsMax`. */
  readonly actors: readonly Principal[];
  /** `may_act`: the id of the only actor that may use this token in an exchange; null: any. */
  readonly mayAct: string | null;
  /** Ids of the grant, tokens and clients that this one was made from: when one is revoked, so is this one. */
  readonly from: readonly string[];
  readonly tenantId: TenantId;
  readonly scopes: readonly string[];
  /** `aud`: the one resource it is for; null: the platform. */
  readonly boundTo: BoundResource | null;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** `cnf`; null for a bearer token. */
  readonly confirmation: Confirmation | null;
}

/** Verifies access tokens. */
export interface TokenVerifier {
  /**
   * The claims of a token that we signed, for us, and that is valid now; null for every other string.
   * Rejects with `platform.unavailable` when keys cannot be read; the token is not verified then.
   */
  verify(token: string): Promise<TokenClaims | null>;
}
