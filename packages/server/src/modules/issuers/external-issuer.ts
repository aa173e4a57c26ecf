import type { JsonObject } from '@colloquy/protocol';
import type { IssuerId, TenantId } from '../../kernel/ids.ts';

/** JWS algorithms that an external token may be signed with (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const externalAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

export type ExternalAlgorithm = (typeof externalAlgorithms)[number];

/**
 * The `typ` that a token must have. `at+jwt`: an access token (RFC 9068 section 2.1). `jwt`: none, or `JWT`, as servers older than
 * RFC 9068 send; then a token with the claims of an ID token or a logout token is refused.
 */
export const externalTokenTypes = ['at+jwt', 'jwt'] as const;

export type ExternalTokenType = (typeof externalTokenTypes)[number];

/** The settings of an issuer; they can be changed later. */
export interface IssuerSettings {
  /** For people, 1 to 200 characters. */
  readonly name: string;
  readonly algorithms: readonly ExternalAlgorithm[];
  readonly tokenType: ExternalTokenType;
  /** The claim that holds the subject: its name, or a JSON Pointer (RFC 6901) to it. */
  readonly subjectClaim: string;
  /** The claim that holds the scopes, a text of words or a list of texts: its name, or a JSON Pointer to it. */
  readonly scopesClaim: string;
  /** From one of these words to scopes of ours. */
  readonly scopeMap: Readonly<Record<string, readonly string[]>>;
}

/** An authorization server whose access tokens a tenant accepts, in the tenant's view. */
export interface ExternalIssuer extends IssuerSettings {
  readonly issuerId: IssuerId;
  /** Its issuer identifier, as tokens carry it (RFC 8414 section 2). */
  readonly issuer: string;
  /** The one audience of tokens that are meant for this tenant. */
  readonly audience: string;
  readonly addedBy: string;
  readonly createdAt: Date;
  readonly removedAt: Date | null;
}

/** The part of an issuer's registration that the verification of a token needs. */
export interface IssuerRecord extends Omit<IssuerSettings, 'name'> {
  readonly issuerId: IssuerId;
  readonly tenant: { readonly id: TenantId; readonly slug: string };
}

/** Issuer and audience of a token, not verified. */
export interface TokenAddress {
  readonly issuer: string;
  readonly audience: string;
}

/** The claims of a verified token. */
export type ExternalClaims = JsonObject & { readonly exp: number };
