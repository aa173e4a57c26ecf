import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { OAuthClient } from './oauth-client.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';

export interface ListClientsInput extends PageRequest {
  readonly tenantId: TenantId;
}

/** A tenant's clients, oldest first, revoked ones too. Throws `request.invalid` for an invalid cursor. */
export function listClients(ports: { readonly clients: OAuthClientStore }) {
  return async (_caller: Caller, input: ListClientsInput): Promise<Page<OAuthClient>> => {
    const { tenantId, after, limit } = input;
    if (after !== null && !isId('cli', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await ports.clients.list(tenantId, { after, limit: limit + 1 });
    return pageOf(rows, limit, (client) => client.clientId);
  };
}
