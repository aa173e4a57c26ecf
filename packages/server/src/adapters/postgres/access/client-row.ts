import { idOf } from '../../../kernel/ids.ts';
import type {
  CertificateNameKind,
  ClientAuthentication,
  ClientAuthMethod,
  ClientCredentialRecord,
  OAuthClient,
  TokenBinding,
} from '../../../modules/access/index.ts';
import { allocationOf } from '../cost-allocation.ts';

export interface OAuthClientRow {
  readonly client_id: string;
  readonly name: string;
  readonly kind: 'oauth-client' | 'operator';
  readonly scopes: readonly string[];
  readonly auth_method: ClientAuthMethod;
  readonly token_binding: TokenBinding;
  readonly department: string | null;
  readonly cost_center: string | null;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

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
  readonly department: string | null;
  readonly cost_center: string | null;
}

export function clientOf(row: OAuthClientRow): OAuthClient {
  const { client_id: clientId, name, kind, scopes, created_at: createdAt, revoked_at: revokedAt } = row;
  return {
    clientId,
    name,
    kind,
    scopes,
    authMethod: row.auth_method,
    tokenBinding: row.token_binding,
    allocation: { department: row.department, costCenter: row.cost_center },
    createdAt,
    revokedAt,
  };
}

export function recordOf(row: OAuthClientLookupRow): ClientCredentialRecord {
  return {
    clientId: row.client_id,
    kind: row.kind,
    tenant: { id: idOf('tnt', row.tenant_id), slug: row.tenant_slug },
    scopes: row.scopes,
    authentication: authenticationOf(row),
    tokenBinding: row.token_binding,
    secretHashes: row.secret_hashes,
    authorities: row.authorities ?? [],
    isRevoked: row.revoked_at !== null,
    ...allocationOf(row),
  };
}

/** A check of the table ensures that the columns of each method are set. */
function authenticationOf({ auth_method: method, ...row }: OAuthClientLookupRow): ClientAuthentication {
  switch (method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return { method };
    case 'private_key_jwt':
    case 'self_signed_tls_client_auth':
      return { method, jwks: row.jwks ?? { keys: [] } };
    case 'tls_client_auth':
      return { method, subject: { kind: row.subject_kind ?? 'dn', value: row.subject_value ?? '' } };
  }
}
