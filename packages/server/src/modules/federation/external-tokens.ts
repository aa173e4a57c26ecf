import type { TenantId } from '../../kernel/ids.ts';
import type { ExternalClaims, IssuerTerms, TokenAddress } from './external-issuer.ts';

/** What a token has to keep to. */
export type TokenRules = TokenAddress & IssuerPlace & Pick<IssuerTerms, 'algorithms' | 'tokenType'>;

/** An issuer as one tenant may reach it. */
export interface IssuerPlace {
  readonly tenantId: TenantId;
  readonly issuer: string;
}

/** Reads and judges access tokens of external issuers. */
export interface ExternalTokens {
  /** Whom a token says that it is from and for; null for a text that no registration could ever make valid. Verifies nothing. */
  addressOf(token: string): TokenAddress | null;
  /**
   * The claims of a token that is valid now under these rules; null for every other text, whatever is wrong with it. Rejects with
   * `platform.unavailable` when the keys of the issuer can not be had; it then has not judged the token.
   */
  verify(token: string, rules: TokenRules): Promise<ExternalClaims | null>;
}

/** Looks at what an issuer publishes. */
export interface IssuerExaminer {
  /**
   * Resolves when the issuer's metadata and keys can be read and are what they must be. Rejects with `egress.refused` for an address whose
   * text says that it may not be called, and with `access.issuer-unreachable` for everything else, whatever it was and however long it took.
   */
  examine(place: IssuerPlace): Promise<void>;
}

/** Fetches what issuers publish. */
export interface IssuerDocuments {
  /**
   * The JSON document at `url`, fetched for a tenant, whose status is 200; null when there is none (404 or 410). Bounded in bytes, depth and time; follows no
   * redirect and sends no credential. Rejects with `egress.refused`, and with any other error for everything else that goes wrong.
   */
  fetchDocument(tenantId: TenantId, url: string): Promise<unknown>;
}
