import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import { newSecret } from './client-secret.ts';
import type { ClientSecret, SecretPorts } from './client-secret.ts';
import type { ClientSecretStore } from './client-secret-store.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';
import { refuseEscalation } from './refuse-escalation.ts';

export interface ClientSecretPorts extends SecretPorts {
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly clientSecrets: ClientSecretStore;
}

const escalation = 'A secret can be made only for a client with no scope that the access token of the caller lacks.';

/** A client of a tenant. */
export interface ClientPlace {
  readonly tenantId: TenantId;
  readonly clientId: string;
}

/**
 * Adds a secret to a client, so that it can replace the former one; the secret is in the answer and nowhere else. Throws
 * `access.client-unknown`, `access.client-has-no-secret`, `access.client-secret-limit`, and `access.scope-missing` for a client that holds
 * a scope that the caller does not: the secret gives all rights of the client.
 */
export function addClientSecret(ports: ClientSecretPorts) {
  return async (
    caller: Caller,
    { lifeMs, ...place }: ClientPlace & { readonly lifeMs: number | null },
  ): Promise<{ readonly secret: ClientSecret; readonly clientSecret: string }> => {
    const { tenantId, clientId } = known(place);
    const client = await ports.clients.find(clientId);
    if (client === null || client.tenant.id !== tenantId) throw new PlatformError('access.client-unknown');
    refuseEscalation(caller, client.scopes, escalation);
    const { shown, kept } = newSecret(ports, lifeMs);
    const entry = entryOf(ports, caller, place, { action: 'client-secret.added', secretId: kept.secretId });
    const added = await ports.clientSecrets.add(tenantId, clientId, kept, entry);
    if (added === 'unknown') throw new PlatformError('access.client-unknown');
    if (added === 'keyless') throw new PlatformError('access.client-has-no-secret');
    if (added === 'full') throw new PlatformError('access.client-secret-limit');
    return { secret: added, clientSecret: shown };
  };
}

/** A client's secrets without their texts, oldest first, ended ones too. Throws `access.client-unknown`, and `request.invalid` for an invalid cursor. */
export function listClientSecrets({ clientSecrets }: Pick<ClientSecretPorts, 'clientSecrets'>) {
  return async (_caller: Caller, input: ClientPlace & PageRequest): Promise<Page<ClientSecret>> => {
    const { tenantId, clientId } = known(input);
    const { after, limit } = input;
    if (after !== null && !isId('sec', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await clientSecrets.list(tenantId, clientId, { after, limit: limit + 1 });
    if (rows === null) throw new PlatformError('access.client-unknown');
    return pageOf(rows, limit, ({ secretId }) => secretId);
  };
}

/**
 * Revokes a secret at once: no further token is issued for it. Tokens that it obtained stay valid until they expire; to end those, revoke the
 * client. Throws `access.client-secret-unknown`.
 */
export function revokeClientSecret(ports: Pick<ClientSecretPorts, 'clientSecrets' | 'ids'>) {
  return async (caller: Caller, input: ClientPlace & { readonly secretId: string }): Promise<void> => {
    const { secretId, ...place } = input;
    if (!isId('cli', place.clientId) || !isId('sec', secretId)) throw new PlatformError('access.client-secret-unknown');
    const entry = entryOf(ports, caller, place, { action: 'client-secret.revoked', secretId });
    const isRevoked = await ports.clientSecrets.revoke(place.tenantId, place.clientId, secretId, entry);
    if (!isRevoked) throw new PlatformError('access.client-secret-unknown');
  };
}

function known(place: ClientPlace): ClientPlace {
  if (!isId('cli', place.clientId)) throw new PlatformError('access.client-unknown');
  return place;
}

function entryOf(
  { ids }: Pick<ClientSecretPorts, 'ids'>,
  caller: Caller,
  { tenantId, clientId }: ClientPlace,
  { action, secretId }: { readonly action: NewAuditEntry['action']; readonly secretId: string },
): NewAuditEntry {
  const act = { action, outcome: 'succeeded', resource: `clients/${clientId}`, facts: { secretId } } as const;
  return { ...auditEntryBy(caller, ids, act), tenantId };
}
