import { errors } from 'oidc-provider';
import type { ProviderAdapter, ProviderClient, ProviderContext, ProviderToken } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { resourceOf } from '../../kernel/bound-resource.ts';
import { limits } from '../../kernel/limits.ts';
import { scopes } from '../../modules/access/index.ts';
import { ProviderSigningKey } from './signing-key.ts';
import type { TokenSigningKey } from './signing-key.ts';

export interface ProviderConfigurationOptions {
  /** The platform's public base URL: issuer, and the one audience of its access tokens. */
  readonly issuer: string;
  readonly adapter: (model: string) => ProviderAdapter;
  /** The key that signs. */
  readonly signingKey: TokenSigningKey;
  readonly clock: Clock;
}

const accessTokenSeconds = limits.accessTokenMs / 1000;

/** Everything that oidc-provider offers is off but what the token endpoint needs for client_credentials. */
export function providerConfiguration(options: ProviderConfigurationOptions): Readonly<Record<string, unknown>> {
  const off = { enabled: false };
  return {
    adapter: options.adapter,
    jwks: { keys: [new ProviderSigningKey(options.signingKey)] },
    scopes: [...scopes],
    claims: {},
    responseTypes: [],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    extraClientMetadata: { properties: ['tenant_id', 'tenant_slug', 'principal_kind'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    routes: { token: '/oauth/token', introspection: '/oauth/introspect', revocation: '/oauth/revoke' },
    ttl: { ClientCredentials: accessTokenSeconds },
    clientBasedCORS: () => false,
    renderError: (context: ProviderContext, out: unknown) => {
      context.body = out;
    },
    extraTokenClaims,
    formats: { customizers: { jwt: stampBy(options.clock) } },
    features: {
      clientCredentials: { enabled: true },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      introspection: { enabled: true, allowedPolicy: mayIntrospect },
      revocation: { enabled: true, allowedPolicy: isItsOwn },
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      rpInitiatedLogout: off,
      userinfo: off,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => options.issuer,
        getResourceServerInfo: resourceServerOf(options.issuer),
      },
    },
  };
}

/** A client learns of signed tokens of its own tenant, and of its own refresh tokens (RFC 7662 section 2.1). */
function mayIntrospect(_context: ProviderContext, client: ProviderClient, token: ProviderToken): boolean {
  return token.kind === 'ClientCredentials'
    ? token.extra?.['tid'] === client['tenant_id']
    : isItsOwn(_context, client, token);
}

/** RFC 7009 section 2.1: only who it was issued to. */
function isItsOwn(_context: ProviderContext, client: ProviderClient, token: ProviderToken): boolean {
  return token.clientId === client.clientId;
}

/** Our claims: tenant id, tenant slug and kind of principal, from the client as it is now. */
function extraTokenClaims(_context: ProviderContext, { client }: ProviderToken): Readonly<Record<string, unknown>> {
  return { tid: client?.['tenant_id'], tenant: client?.['tenant_slug'], pk: client?.['principal_kind'] };
}

/** Tokens are dated by the platform's clock, and not valid before they exist. */
function stampBy(clock: Clock) {
  return (
    _context: ProviderContext,
    _token: ProviderToken,
    jwt: { readonly payload: Record<string, unknown> },
  ): void => {
    const iat = Math.floor(clock.nowMs() / 1000);
    Object.assign(jwt.payload, { iat, nbf: iat, exp: iat + accessTokenSeconds });
  };
}

/**
 * What a token can be for (RFC 8707): the platform, or the agents of the client's tenant, or one of them; one at a time. Asking for no
 * scope asks for all of the client's; asking for one that it lacks is an error, also for a scope that does not exist, so that nobody
 * works with less than they think they have.
 */
function resourceServerOf(issuer: string) {
  return (context: ProviderContext, resource: string, client: ProviderClient): Readonly<Record<string, unknown>> => {
    const indicator = resource.replace(/\/$/, '');
    const boundTo = resourceOf(indicator, issuer);
    if (boundTo === undefined || (boundTo !== null && boundTo.tenantSlug !== client['tenant_slug']))
      throw new errors.InvalidTarget('the resource must be the platform, or agents of the tenant');
    const { params } = context.oidc;
    params.scope ??= client.scope;
    const granted = client.scope.split(' ');
    const lacking = params.scope.split(' ').filter((scope) => !granted.includes(scope));
    if (lacking.length > 0) throw new errors.InvalidScope('requested scope is not allowed', lacking.join(' '));
    const jwt = { sign: { alg: 'ES256' } };
    return {
      scope: client.scope,
      audience: indicator,
      accessTokenTTL: accessTokenSeconds,
      accessTokenFormat: 'jwt',
      jwt,
    };
  };
}
