import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, making, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { apiKey, createdApiKey, externalIssuer } from './identity-answers.ts';
import type { ApiKey, CreatedApiKey, ExternalIssuer, IssuerTerms } from './identity-answers.ts';

/** An API key to create. */
export interface NewApiKey {
  /** For people; keys of one name act as one principal, and two of them are live at most. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Names of the agents that it may call; default every agent of the tenant. */
  readonly agents?: readonly string[];
  /** Default 90, at most 366. */
  readonly expiresInDays?: number;
}

/** The API keys of the tenant. */
export interface ApiKeyAdmin {
  create(key: NewApiKey): Promise<CreatedApiKey>;
  /** Those that are out too; oldest first. */
  list(page?: PageRequest): Promise<Page<ApiKey>>;
  revoke(keyId: string): Promise<void>;
}

/** Authorization servers whose access tokens the tenant accepts. */
export interface IssuerAdmin {
  /** Reads the issuer's metadata and keys first. Another audience than the tenant's own address is for operators. */
  register(issuer: IssuerTerms & { readonly issuer: string; readonly audience?: string }): Promise<ExternalIssuer>;
  /** Removed ones too; oldest first. */
  list(page?: PageRequest): Promise<Page<ExternalIssuer>>;
  /** Replaces all terms; who acts by its tokens stays the same. */
  change(issuerId: string, terms: IssuerTerms): Promise<ExternalIssuer>;
  remove(issuerId: string): Promise<void>;
}

/** The part of the admin client that is about who else may call, below the path of a tenant. */
export function identityAdmin(
  call: AdminCall,
  base: string,
): { readonly apiKeys: ApiKeyAdmin; readonly issuers: IssuerAdmin } {
  const keys = `${base}/api-keys`;
  const issuers = `${base}/issuers`;
  const one = (issuerId: string): string => `${issuers}/${encodeURIComponent(issuerId)}`;
  return {
    apiKeys: {
      create: (body) => call({ ...making(keys, body), read: createdApiKey }),
      list: (request = {}) => call({ ...listing(keys, request), read: page(apiKey) }),
      revoke: (keyId) => call({ ...removing(`${keys}/${encodeURIComponent(keyId)}`), read: () => undefined }),
    },
    issuers: {
      register: (body) => call({ ...making(issuers, body), read: externalIssuer }),
      list: (request = {}) => call({ ...listing(issuers, request), read: page(externalIssuer) }),
      change: (issuerId, terms) => call({ ...setting(one(issuerId), terms), read: externalIssuer }),
      remove: (issuerId) => call({ ...removing(one(issuerId)), read: () => undefined }),
    },
  };
}
