import type { JsonObject } from '@colloquy/protocol';
import { createdOAuthClient, oauthClient, page } from './admin-answers.ts';
import type { CreatedOAuthClient, OAuthClient, Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, making, removing } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { addedClientSecret, clientAuthority, clientSecret } from './client-answers.ts';
import type { AddedClientSecret, ClientAuthority, ClientSecret } from './client-answers.ts';

interface AnyNewClient {
  readonly name: string;
  readonly scopes: readonly string[];
  /** What its tokens must be bound to; by default nothing for a client with a secret or a key, its certificate for one that has one. */
  readonly tokenBinding?: 'none' | 'dpop' | 'certificate';
}

/** A client that proves itself with a secret. */
export interface NewClient extends AnyNewClient {
  readonly authentication?: { readonly method: 'client_secret_basic' | 'client_secret_post' };
  /** Life of its first secret; without it the secret does not end by itself. */
  readonly secretLifeSeconds?: number;
}

/** A client that proves itself with a key (RFC 7523) or a certificate (RFC 8705). */
export interface NewKeyClient extends AnyNewClient {
  readonly authentication:
    | { readonly method: 'private_key_jwt'; readonly jwks: { readonly keys: readonly JsonObject[] } }
    | {
        readonly method: 'tls_client_auth';
        readonly subject: { readonly kind: 'dn' | 'dns' | 'uri' | 'ip' | 'email'; readonly value: string };
      }
    /** PEM texts. */
    | { readonly method: 'self_signed_tls_client_auth'; readonly certificates: readonly string[] };
}

/** The registered programs of a tenant, and what they prove themselves with. */
export interface ClientAdmin {
  create(client: NewClient): Promise<CreatedOAuthClient>;
  createWithKey(client: NewKeyClient): Promise<OAuthClient>;
  list(page?: PageRequest): Promise<Page<OAuthClient>>;
  revoke(clientId: string): Promise<void>;
  /** At most two live at a time, so that one can replace the other without a pause. */
  readonly secrets: {
    add(clientId: string, secret?: { readonly lifeSeconds?: number }): Promise<AddedClientSecret>;
    list(clientId: string, page?: PageRequest): Promise<Page<ClientSecret>>;
    revoke(clientId: string, secretId: string): Promise<void>;
  };
  /** Whose certificates clients with `tls_client_auth` may present. */
  readonly authorities: {
    add(authority: { readonly name: string; readonly certificate: string }): Promise<ClientAuthority>;
    list(page?: PageRequest): Promise<Page<ClientAuthority>>;
    remove(authorityId: string): Promise<void>;
  };
}

const nothing = (): void => undefined;

/** The part of the admin client that is about programs, below the path of a tenant. */
export function clientAdmin(call: AdminCall, base: string): ClientAdmin {
  const path = `${base}/clients`;
  const of = (clientId: string): string => `${path}/${encodeURIComponent(clientId)}`;
  const authorities = `${base}/client-authorities`;
  return {
    create: (body) => call({ ...making(path, body), read: createdOAuthClient }),
    createWithKey: (body) => call({ ...making(path, body), read: oauthClient }),
    list: (request = {}) => call({ ...listing(path, request), read: page(oauthClient) }),
    revoke: (clientId) => call({ ...removing(of(clientId)), read: nothing }),
    secrets: {
      add: (clientId, secret = {}) => call({ ...making(`${of(clientId)}/secrets`, secret), read: addedClientSecret }),
      list: (clientId, request = {}) =>
        call({ ...listing(`${of(clientId)}/secrets`, request), read: page(clientSecret) }),
      revoke: (clientId, secretId) =>
        call({ ...removing(`${of(clientId)}/secrets/${encodeURIComponent(secretId)}`), read: nothing }),
    },
    authorities: {
      add: (body) => call({ ...making(authorities, body), read: clientAuthority }),
      list: (request = {}) => call({ ...listing(authorities, request), read: page(clientAuthority) }),
      remove: (authorityId) =>
        call({ ...removing(`${authorities}/${encodeURIComponent(authorityId)}`), read: nothing }),
    },
  };
}
