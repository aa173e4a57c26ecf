import type { JsonObject } from '@colloquy/protocol';
import type { IssuerId, TenantId } from '../../kernel/ids.ts';

/** JWS algorithms that a token of others may be signed with (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const externalAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

export type ExternalAlgorithm = (typeof externalAlgorithms)[number];

/**
 * What a token must call itself. `at+jwt`: an access token (RFC 9068 section 2.1). `jwt`: nothing, or `JWT`, as servers from before
 * that say; then what makes it an ID token or a logout token refuses it.
 */
export const externalTokenTypes = ['at+jwt', 'jwt'] as const;

export type ExternalTokenType = (typeof externalTokenTypes)[number];

/** What may be decided about the tokens of an issuer, and changed later. */
export interface IssuerTerms {
  /** For people, 1 to 200 characters. */
  readonly name: string;
  readonly algorithms: readonly ExternalAlgorithm[];
  readonly tokenType: ExternalTokenType;
  /** The claim that names who acts: its name, or a JSON Pointer (RFC 6901) to it. */
  readonly subjectClaim: string;
  /** The claim that says what may be done: a text of words or a list of texts; its name, or a JSON Pointer to it. */
  readonly scopesClaim: string;
  /** From one of these words to scopes of ours. */
  readonly scopeMap: Readonly<Record<string, readonly string[]>>;
}

/** An authorization server whose access tokens a tenant accepts, as its tenant may see it. */
export interface ExternalIssuer extends IssuerTerms {
  readonly issuerId: IssuerId;
  /** Its issuer identifier, as tokens carry it (RFC 8414 section 2). */
  readonly issuer: string;
  /** The one audience of tokens that are meant for this tenant. */
  readonly audience: string;
  readonly addedBy: string;
  readonly createdAt: Date;
  readonly removedAt: Date | null;
}

/** What judging a token needs of its issuer's registration. */
export interface IssuerRecord extends Omit<IssuerTerms, 'name'> {
  readonly issuerId: IssuerId;
  readonly tenant: { readonly id: TenantId; readonly slug: string };
}

/** What a token says that nobody has verified. */
export interface TokenAddress {
  readonly issuer: string;
  readonly audience: string;
}

/** The claims of a verified token. */
export type ExternalClaims = JsonObject & { readonly exp: number };
