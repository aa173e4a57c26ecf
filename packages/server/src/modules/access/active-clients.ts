import type { OAuthClientStore } from './oauth-client-store.ts';
import type { RevocationStore } from './revocation-store.ts';

/** Finds clients for the issuer of tokens: a suspended client, or a client of a suspended tenant, counts as revoked. */
export function activeClients(
  clients: Pick<OAuthClientStore, 'find'>,
  revocations: Pick<RevocationStore, 'findRevoked'>,
): Pick<OAuthClientStore, 'find'> {
  return {
    async find(clientId) {
      const client = await clients.find(clientId);
      if (client === null || client.isRevoked) return client;
      const status = { tenantId: client.tenant.id, revocable: [], parties: [clientId], keyId: null };
      const revoked = await revocations.findRevoked([status]);
      return revoked.length === 0 ? client : { ...client, isRevoked: true };
    },
  };
}
