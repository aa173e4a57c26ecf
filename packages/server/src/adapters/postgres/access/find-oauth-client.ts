import type { CertificateNameKind, ClientAuthMethod, TokenBinding } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

export interface OAuthClientLookupRow {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly client_id: string;
  readonly kind: 'oauth-client' | 'operator';
  readonly scopes: readonly string[];
  readonly revoked_at: Date | null;
  readonly auth_method: ClientAuthMethod;
  readonly token_binding: TokenBinding;
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | null;
  readonly subject_kind: CertificateNameKind | null;
  readonly subject_value: string | null;
  readonly secret_hashes: readonly Uint8Array[];
  readonly authorities: readonly string[] | null;
}

/** A client of whichever tenant: its id is all that the token endpoint and the token check know. */
export function findOAuthClient(clientId: string): Statement<OAuthClientLookupRow> {
  return {
    name: 'find-oauth-client',
    text: `
      select tenant_id, tenant_slug, client_id, kind, scopes, revoked_at, auth_method, token_binding, jwks, subject_kind,
        subject_value, secret_hashes, authorities
      from colloquy.find_oauth_client($1)`,
    values: [clientId],
  };
}
