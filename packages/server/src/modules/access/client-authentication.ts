/** How a client authenticates at the token endpoint (RFC 6749 section 2.3, RFC 7523 section 2.2, RFC 8705 section 2). */
export const clientAuthMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;

export type ClientAuthMethod = (typeof clientAuthMethods)[number];

/** Kinds of names in a certificate: its subject, or an alternative name (RFC 8705 section 2.1.2). */
export const certificateNameKinds = ['dn', 'dns', 'uri', 'ip', 'email'] as const;

export type CertificateNameKind = (typeof certificateNameKinds)[number];

/** The name that a client's certificate must show. */
export interface CertificateName {
  readonly kind: CertificateNameKind;
  /** A subject as RFC 4514 writes it, `CN=worker,O=Example`; another name as it stands in the certificate. */
  readonly value: string;
}

/** Public keys (RFC 7517 section 5), without a private member. */
export interface ClientKeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** An authentication method with its keys or names. */
export type ClientAuthentication =
  | { readonly method: 'client_secret_basic' | 'client_secret_post' }
  | { readonly method: 'private_key_jwt'; readonly jwks: ClientKeySet }
  | { readonly method: 'tls_client_auth'; readonly subject: CertificateName }
  /** Each key with its certificate as `x5c`. */
  | { readonly method: 'self_signed_tls_client_auth'; readonly jwks: ClientKeySet };
