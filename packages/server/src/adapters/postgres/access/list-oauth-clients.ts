import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { ClientAuthMethod, TokenBinding } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

export interface OAuthClientRow {
  readonly client_id: string;
  readonly name: string;
  readonly kind: 'oauth-client' | 'operator';
  readonly scopes: readonly string[];
  readonly auth_method: ClientAuthMethod;
  readonly token_binding: TokenBinding;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** A tenant's clients after a client id, in the order of ids. */
export function listOAuthClients(tenantId: TenantId, page: PageRequest): Statement<OAuthClientRow> {
  return {
    name: 'list-oauth-clients',
    text: `
      select client_id, name, kind, scopes, auth_method, token_binding, created_at, revoked_at from colloquy.oauth_clients
      where tenant_id = $1 and client_id > $2 order by client_id limit $3`,
    values: [uuidOf(tenantId), page.after ?? '', page.limit],
  };
}
