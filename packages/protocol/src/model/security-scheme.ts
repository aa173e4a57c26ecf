/** Where an API key travels (A2A 1.0 `APIKeySecurityScheme.location`). */
export type ApiKeyLocation = 'query' | 'header' | 'cookie';

/** A static key in a query parameter, header or cookie. */
export interface ApiKeySecurityScheme {
  readonly description?: string;
  readonly location: ApiKeyLocation;
  readonly name: string;
}

/** An HTTP authentication scheme, for example `Bearer`. */
export interface HttpAuthSecurityScheme {
  readonly description?: string;
  readonly scheme: string;
  readonly bearerFormat?: string;
}

/** OAuth scope name to its meaning. */
export type OAuthScopes = Readonly<Record<string, string>>;

/** RFC 6749 section 4.1. */
export interface AuthorizationCodeOAuthFlow {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly refreshUrl?: string;
  readonly scopes: OAuthScopes;
  readonly pkceRequired?: boolean;
}

/** RFC 6749 section 4.4. */
export interface ClientCredentialsOAuthFlow {
  readonly tokenUrl: string;
  readonly refreshUrl?: string;
  readonly scopes: OAuthScopes;
}

/** RFC 8628. */
export interface DeviceCodeOAuthFlow {
  readonly deviceAuthorizationUrl: string;
  readonly tokenUrl: string;
  readonly refreshUrl?: string;
  readonly scopes: OAuthScopes;
}

/** Deprecated by A2A 1.0, still decoded. */
export interface ImplicitOAuthFlow {
  readonly authorizationUrl?: string;
  readonly refreshUrl?: string;
  readonly scopes?: OAuthScopes;
}

/** Deprecated by A2A 1.0, still decoded. */
export interface PasswordOAuthFlow {
  readonly tokenUrl?: string;
  readonly refreshUrl?: string;
  readonly scopes?: OAuthScopes;
}

/** Exactly one flow is present (A2A 1.0 `OAuthFlows`). */
export type OAuthFlows =
  | { readonly authorizationCode: AuthorizationCodeOAuthFlow }
  | { readonly clientCredentials: ClientCredentialsOAuthFlow }
  | { readonly implicit: ImplicitOAuthFlow }
  | { readonly password: PasswordOAuthFlow }
  | { readonly deviceCode: DeviceCodeOAuthFlow };

/** OAuth 2 with one flow. */
export interface OAuth2SecurityScheme {
  readonly description?: string;
  readonly flows: OAuthFlows;
  readonly oauth2MetadataUrl?: string;
}

/** OpenID Connect by its discovery document. */
export interface OpenIdConnectSecurityScheme {
  readonly description?: string;
  readonly openIdConnectUrl: string;
}

/** Mutual TLS. */
export interface MutualTlsSecurityScheme {
  readonly description?: string;
}

/** Exactly one scheme is present (A2A 1.0 `SecurityScheme`). */
export type SecurityScheme =
  | { readonly apiKeySecurityScheme: ApiKeySecurityScheme }
  | { readonly httpAuthSecurityScheme: HttpAuthSecurityScheme }
  | { readonly oauth2SecurityScheme: OAuth2SecurityScheme }
  | { readonly openIdConnectSecurityScheme: OpenIdConnectSecurityScheme }
  | { readonly mtlsSecurityScheme: MutualTlsSecurityScheme };

/** Scheme name to needed scopes. All entries of one object are needed; between items of a list any one is enough. */
export interface SecurityRequirement {
  readonly schemes?: Readonly<Record<string, { readonly list?: readonly string[] }>>;
}
