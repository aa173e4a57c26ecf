import type { OAuthClientStore } from './oauth-client-store.ts';
import type { RevocationStore } from './revocation-store.ts';

/** Looks clients up so that one that is stopped, or whose tenant is, counts as revoked: whoever issues tokens asks here. */
export function clientsInGoodStanding(
  clients: Pick<OAuthClientStore, 'find'>,
  revocations: Pick<RevocationStore, 'findFallen'>,
): Pick<OAuthClientStore, 'find'> {
  return {
    async find(clientId) {
      const client = await clients.find(clientId);
      if (client === null || client.isRevoked) return client;
      const standing = { tenantId: client.tenant.id, revocable: [], parties: [clientId], keyId: null };
      const fallen = await revocations.findFallen([standing]);
      return fallen.length === 0 ? client : { ...client, isRevoked: true };
    },
  };
}
