import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { afterUuid } from './after-uuid.ts';

export interface ClientSecretRow {
  /** Null in the one row of a client without secrets on this page. */
  readonly secret_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

/** A client's secrets after an id, in the order of ids; no row for a client that the tenant does not have. */
export function listClientSecrets(tenantId: TenantId, clientId: string, page: PageRequest): Statement<ClientSecretRow> {
  return {
    name: 'list-client-secrets',
    text: `
      select s.secret_id, s.created_at, s.expires_at, s.revoked_at
      from colloquy.oauth_clients c left join lateral (
        select secret_id, created_at, expires_at, revoked_at from colloquy.oauth_client_secrets
        where tenant_id = c.tenant_id and client_id = c.client_id and secret_id > $3 order by secret_id limit $4
      ) s on true
      where c.tenant_id = $1 and c.client_id = $2
      order by s.secret_id`,
    values: [uuidOf(tenantId), clientId, afterUuid(page.after), page.limit],
  };
}
