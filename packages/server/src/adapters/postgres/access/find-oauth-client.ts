import type { Statement } from '../statement.ts';

export interface OAuthClientLookupRow {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly client_id: string;
  readonly kind: 'oauth-client' | 'operator';
  readonly secret_hash: Uint8Array;
  readonly scopes: readonly string[];
  readonly revoked_at: Date | null;
}

/** A client of whichever tenant: its id is all that the token endpoint and the token check know. */
export function findOAuthClient(clientId: string): Statement<OAuthClientLookupRow> {
  return {
    name: 'find-oauth-client',
    text: `
      select tenant_id, tenant_slug, client_id, kind, secret_hash, scopes, revoked_at
      from colloquy.find_oauth_client($1)`,
    values: [clientId],
  };
}
