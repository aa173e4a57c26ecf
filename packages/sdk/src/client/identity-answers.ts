import { list, object, optional, string } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** A key of a tenant's program, sent as `Authorization: Bearer` or `X-API-Key`. */
export interface ApiKey {
  readonly keyId: string;
  /** Who acts with it, the same for all keys of one name. */
  readonly principalId: string;
  /** For people. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Names of the agents that it may call; absent for every agent of the tenant. */
  readonly agents?: readonly string[] | undefined;
  /** Id of the principal that created it. */
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To about a minute; absent when it was never used. */
  readonly lastUsedAt?: string | undefined;
  /** Present when it is refused. */
  readonly revokedAt?: string | undefined;
}

/** A key and the only showing of its text. */
export interface CreatedApiKey extends ApiKey {
  readonly apiKey: string;
}

const apiKeyMembers = {
  keyId: string,
  principalId: string,
  name: string,
  scopes: list(string),
  agents: optional(list(string)),
  createdBy: string,
  createdAt: string,
  expiresAt: string,
  lastUsedAt: optional(string),
  revokedAt: optional(string),
};

/** Reads a key. */
export const apiKey: Reader<ApiKey> = object<ApiKey>(apiKeyMembers);

/** Reads a key that has just been made. */
export const createdApiKey: Reader<CreatedApiKey> = object<CreatedApiKey>({ ...apiKeyMembers, apiKey: string });

/** What the tokens of an external issuer mean. */
export interface IssuerTerms {
  /** For people. */
  readonly name: string;
  /** JWS algorithms; default all that are known: RS256, PS256, ES256, EdDSA. */
  readonly algorithms?: readonly string[];
  /** `at+jwt` (default): only what calls itself an access token. `jwt`: also tokens without a type of their own. */
  readonly tokenType?: string;
  /** The claim that names who acts, by name or JSON Pointer; default `sub`. */
  readonly subjectClaim?: string;
  /** The claim that says what may be done, by name or JSON Pointer; default `scope`. */
  readonly scopesClaim?: string;
  /** From words of that claim to scopes of the platform; a word that is not here grants nothing. */
  readonly scopeMap: Readonly<Record<string, readonly string[]>>;
}

/** An authorization server whose access tokens a tenant accepts. */
export interface ExternalIssuer extends Required<IssuerTerms> {
  readonly issuerId: string;
  /** Its issuer identifier, as tokens carry it. */
  readonly issuer: string;
  /** The one audience of tokens for this tenant. */
  readonly audience: string;
  /** Id of the principal that registered it. */
  readonly addedBy: string;
  readonly createdAt: string;
  /** Present when its tokens are refused. */
  readonly removedAt?: string | undefined;
}

/** Reads an external issuer. */
export const externalIssuer: Reader<ExternalIssuer> = object<ExternalIssuer>({
  issuerId: string,
  name: string,
  issuer: string,
  audience: string,
  algorithms: list(string),
  tokenType: string,
  subjectClaim: string,
  scopesClaim: string,
  scopeMap: scopeMap,
  addedBy: string,
  createdAt: string,
  removedAt: optional(string),
});

function scopeMap(value: unknown, at: string): ExternalIssuer['scopeMap'] {
  const words = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return Object.fromEntries(words.map(([word, scopes]) => [word, list(string)(scopes, `${at}.${word}`)]));
}
