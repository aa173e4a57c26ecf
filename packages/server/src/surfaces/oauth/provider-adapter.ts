import { hash, timingSafeEqual } from 'node:crypto';
import { errors } from 'oidc-provider';
import type { ProviderAdapter } from 'oidc-provider';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type {
  AuthorizationRecordStore,
  CertificateNameKind,
  ClientCredentialRecord,
  OAuthClientStore,
  SpentProofStore,
} from '../../modules/access/index.ts';
import { temporarilyUnavailable } from './oauth-errors.ts';
import { tokenExchangeGrant } from './token-exchange.ts';
import type { NamedSignInClient, PeopleStore } from '../../modules/people/index.ts';
import type { PresentedTokens } from './presented-tokens.ts';
import type { ProviderRevocations } from './revoke-by-provider.ts';

export interface ProviderStores {
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly people: Pick<PeopleStore, 'findSignInClient'>;
  readonly records: AuthorizationRecordStore;
  readonly spentProofs: SpentProofStore;
  /** Called before a client is authenticated; throws when the client has to wait after failures. */
  readonly beforeClient: (clientId: string) => void;
  readonly presented: PresentedTokens;
  readonly revocations: ProviderRevocations;
}

/** Longer than a proof or an assertion can pass: the authorization server accepts a proof by its nonce, an assertion by its life. */
const replayKeptMs = Math.max(limits.proofNonceMs, limits.clientAssertionMs) + 2 * limits.tokenLeewayMs;

/** Gives oidc-provider its storage: clients from ours, everything else as records. */
export function providerAdapter(stores: ProviderStores): (model: string) => ProviderAdapter {
  return (model) => {
    if (model === 'Client') return clientAdapter(stores);
    if (model === 'ClientCredentials') return { ...recordAdapter(model, stores), ...signedTokens(stores) };
    if (model === 'AccessToken') return { ...recordAdapter(model, stores), find: () => Promise.resolve(undefined) };
    return model === 'ReplayDetection' ? replayAdapter(stores.spentProofs) : recordAdapter(model, stores);
  };
}

/** Clients are registered with us, never here: only `find` exists. */
function clientAdapter({ clients, people, beforeClient, presented }: ProviderStores): ProviderAdapter {
  const refuse = (): Promise<never> =>
    Promise.reject(new TypeError('Clients are not managed by the authorization server.'));
  return {
    async find(clientId) {
      beforeClient(clientId);
      presented.putAside();
      if (!isId('cli', clientId)) return undefined;
      const client = await whenThere(clients.find(clientId));
      if (client === null || client.isRevoked) return undefined;
      return metadataOf(client, await whenThere(people.findSignInClient(client.tenant.id, clientId)));
    },
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/** RFC 7591 metadata. The field of the secret holds the hashes of all valid secrets: see `isOneOf`. */
function metadataOf(
  client: ClientCredentialRecord,
  signIn: NamedSignInClient | null,
): Readonly<Record<string, unknown>> {
  return {
    client_id: client.clientId,
    ...authenticationMetadata(client),
    ...(signIn === null ? {} : signInMetadata(signIn)),
    dpop_bound_access_tokens: client.tokenBinding === 'dpop',
    tls_client_certificate_bound_access_tokens: client.tokenBinding === 'certificate',
    scope: client.scopes.join(' '),
    tenant_id: client.tenant.id,
    tenant_slug: client.tenant.slug,
    principal_kind: client.kind,
  };
}

/** What people sign in through. A public client proves nothing, so it gets nothing but what people let it have. */
function signInMetadata({ redirectUris, isPublic }: NamedSignInClient): Readonly<Record<string, unknown>> {
  const ofPeople = ['authorization_code', 'refresh_token'];
  return {
    redirect_uris: redirectUris,
    response_types: ['code'],
    application_type: redirectUris.some((uri) => uri.startsWith('http:')) ? 'native' : 'web',
    grant_types: isPublic ? ofPeople : [...ofPeople, 'client_credentials', tokenExchangeGrant],
    ...(isPublic ? { token_endpoint_auth_method: 'none', client_secret: undefined } : {}),
  };
}

/** The names that RFC 8705 section 2.1.2 gives to each kind. */
const subjectMembers: Readonly<Record<CertificateNameKind, string>> = {
  dn: 'tls_client_auth_subject_dn',
  dns: 'tls_client_auth_san_dns',
  uri: 'tls_client_auth_san_uri',
  ip: 'tls_client_auth_san_ip',
  email: 'tls_client_auth_san_email',
};

function authenticationMetadata(client: ClientCredentialRecord): Readonly<Record<string, unknown>> {
  const { authentication } = client;
  const method = { token_endpoint_auth_method: authentication.method };
  switch (authentication.method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return { ...method, client_secret: secretPlace(client.secretHashes) };
    case 'private_key_jwt':
    case 'self_signed_tls_client_auth':
      return { ...method, jwks: authentication.jwks };
    case 'tls_client_auth':
      return {
        ...method,
        [subjectMembers[authentication.subject.kind]]: authentication.subject.value,
        client_authorities: client.authorities,
      };
  }
}

/** What stands between hashes, and for none of them. */
const separator = '.';

function secretPlace(hashes: readonly Uint8Array[]): string {
  return hashes.map((hash) => separator + Buffer.from(hash).toString('base64url')).join('') || separator;
}

/** Whether a hash is among those in a client's metadata. All are compared, so that the time does not depend on the match. */
export function isOneOf(place: string, hash: Uint8Array): boolean {
  const known = place.split(separator).filter((text) => text !== '');
  return known.filter((text) => timingSafeEqual(Buffer.from(text, 'base64url'), hash)).length > 0;
}

/** Replay detection asks whether it has seen an id and then keeps it; here both are one step, or two processes could both be first. */
function replayAdapter(spentProofs: SpentProofStore): ProviderAdapter {
  return {
    async find(id) {
      const isFirst = await whenThere(spentProofs.spend(hash('sha256', `replay ${id}`, 'buffer'), replayKeptMs));
      return isFirst ? undefined : { jti: id, kind: 'ReplayDetection' };
    },
    upsert: () => Promise.resolve(),
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    consume: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    revokeByGrantId: () => Promise.resolve(),
  };
}

/** Access tokens are not stored: they are found when they are presented, and taken back by their id. */
function signedTokens({ presented, revocations }: ProviderStores): Pick<ProviderAdapter, 'find' | 'destroy'> {
  return {
    find: (id) => whenThere(presented.find(id)),
    destroy: (tokenId) => whenThere(revocations.revokeToken(tokenId)),
  };
}

function recordAdapter(model: string, { records, revocations }: ProviderStores): ProviderAdapter {
  return {
    upsert: (id, payload, expiresInSeconds) => whenThere(records.save(model, id, payload, expiresInSeconds)),
    find: async (id) => (isStorable(id) ? ((await whenThere(records.find(model, id))) ?? undefined) : undefined),
    findByUid: async (uid) =>
      isStorable(uid) ? ((await whenThere(records.findSession(uid))) ?? undefined) : undefined,
    // Device codes do not exist here.
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      if (await whenThere(records.consume(model, id))) return;
      // The token was used before: one of the two clients has stolen it, and we cannot know which (RFC 9700 section 2.2.2).
      const record = await whenThere(records.find(model, id));
      const grantId = record?.['grantId'];
      if (typeof grantId === 'string') await whenThere(revocations.revokeGrant(grantId));
      throw new errors.InvalidGrant('it was used already');
    },
    destroy: (id) => whenThere(records.remove(model, id)),
    revokeByGrantId: (grantId) => whenThere(revocations.revokeGrant(grantId)),
  };
}

/** PostgreSQL has no text with NUL, so nothing is stored under such an id. */
function isStorable(id: string): boolean {
  return !id.includes('\0');
}

async function whenThere<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw temporarilyUnavailable(error);
  }
}
