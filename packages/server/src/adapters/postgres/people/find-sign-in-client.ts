import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface SignInClientRow {
  readonly redirect_uris: readonly string[];
  readonly is_public: boolean;
  readonly name: string;
}

/** Where a client may send people back to. */
export function findSignInClient(tenantId: TenantId, clientId: string): Statement<SignInClientRow> {
  return {
    name: 'find-sign-in-client',
    text: `
      select s.redirect_uris, s.is_public, c.name
      from colloquy.sign_in_clients s
      join colloquy.oauth_clients c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
      where s.tenant_id = $1 and s.client_id = $2`,
    values: [uuidOf(tenantId), clientId],
  };
}
