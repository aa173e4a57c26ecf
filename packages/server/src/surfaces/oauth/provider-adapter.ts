import type { ProviderAdapter } from 'oidc-provider';
import { isId } from '../../kernel/ids.ts';
import type { AuthorizationRecordStore, ClientCredentialRecord, OAuthClientStore } from '../../modules/access/index.ts';
import { temporarilyUnavailable } from './oauth-errors.ts';

export interface ProviderStores {
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly records: AuthorizationRecordStore;
  /** Told which client is about to be authenticated; throws when it may not try now. */
  readonly beforeClient: (clientId: string) => void;
}

/** Gives oidc-provider its storage: clients from ours, everything else as records. */
export function providerAdapter(stores: ProviderStores): (model: string) => ProviderAdapter {
  return (model) => (model === 'Client' ? clientAdapter(stores) : recordAdapter(model, stores.records));
}

/** Clients are registered with us, never here: only `find` exists. */
function clientAdapter({ clients, beforeClient }: ProviderStores): ProviderAdapter {
  const refuse = (): Promise<never> =>
    Promise.reject(new TypeError('Clients are not managed by the authorization server.'));
  return {
    async find(clientId) {
      beforeClient(clientId);
      if (!isId('cli', clientId)) return undefined;
      const client = await whenThere(clients.find(clientId));
      return client === null || client.isRevoked ? undefined : metadataOf(client);
    },
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/** RFC 7591 metadata. The secret's place holds its hash: see `compareClientSecret`. */
function metadataOf(client: ClientCredentialRecord): Readonly<Record<string, unknown>> {
  return {
    client_id: client.clientId,
    client_secret: Buffer.from(client.secretHash).toString('base64url'),
    scope: client.scopes.join(' '),
    tenant_id: client.tenant.id,
    tenant_slug: client.tenant.slug,
    principal_kind: client.kind,
  };
}

function recordAdapter(model: string, records: AuthorizationRecordStore): ProviderAdapter {
  return {
    upsert: (id, payload, expiresInSeconds) => whenThere(records.save(model, id, payload, expiresInSeconds)),
    find: async (id) => (await whenThere(records.find(model, id))) ?? undefined,
    // Sessions and device codes, which are found by these, do not exist here.
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    consume: (id) => whenThere(records.consume(model, id)),
    destroy: (id) => whenThere(records.remove(model, id)),
    revokeByGrantId: (grantId) => whenThere(records.removeGrant(grantId)),
  };
}

async function whenThere<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw temporarilyUnavailable(error);
  }
}
