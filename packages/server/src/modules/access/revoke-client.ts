import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';

export interface RevokeClientInput {
  readonly tenantId: TenantId;
  readonly clientId: string;
}

/**
 * Revokes a client for ever: it gets no more tokens, and its present tokens are refused within `limits.tokenCacheMs`.
 * Throws `access.client-unknown`.
 */
export function revokeClient(ports: { readonly clients: OAuthClientStore; readonly ids: IdSource }) {
  return async (caller: Caller, input: RevokeClientInput): Promise<void> => {
    const { tenantId, clientId } = input;
    if (!isId('cli', clientId)) throw new PlatformError('access.client-unknown');
    const act = { action: 'client.revoked', outcome: 'succeeded', resource: `clients/${clientId}`, facts: {} } as const;
    const entry = { ...auditEntryBy(caller, ports.ids, act), tenantId };
    if (!(await ports.clients.revoke(tenantId, clientId, entry))) throw new PlatformError('access.client-unknown');
  };
}
