import type { TenantId } from '../../kernel/ids.ts';
import type { ExternalClaims, IssuerSettings, TokenAddress } from './external-issuer.ts';

/** The rules that a token must satisfy. */
export type TokenRules = TokenAddress & IssuerPlace & Pick<IssuerSettings, 'algorithms' | 'tokenType'>;

/** An issuer, and the tenant whose egress rules apply to calls of it. */
export interface IssuerPlace {
  readonly tenantId: TenantId;
  readonly issuer: string;
}

/** Reads and verifies access tokens of external issuers. */
export interface ExternalTokens {
  /** The issuer and the audience that a token names; null for a text that no registration could make valid. Verifies nothing. */
  addressOf(token: string): TokenAddress | null;
  /**
   * The claims of a token that is valid now under these rules; null for every other text. Rejects with `platform.unavailable` when the
   * keys of the issuer cannot be read; the token is not verified then.
   */
  verify(token: string, rules: TokenRules): Promise<ExternalClaims | null>;
}

/** Checks the metadata and keys that an issuer publishes. */
export interface IssuerExaminer {
  /**
   * Resolves when the issuer's metadata and keys can be read and are valid. Rejects with `egress.refused` for an address that is refused by
   * its text alone, and with one `access.issuer-unreachable` for every other failure, so that a tenant cannot probe a network with it.
   */
  examine(place: IssuerPlace): Promise<void>;
}

/** Fetches the documents that issuers publish. */
export interface IssuerDocuments {
  /**
   * The JSON document at `url`, fetched for a tenant, whose status is 200; null when there is none (404 or 410). Bounded in bytes, depth and time; follows no
   * redirect and sends no credential. Rejects with `egress.refused`, and with any other error for everything else that goes wrong.
   */
  fetchDocument(tenantId: TenantId, url: string): Promise<unknown>;
}
