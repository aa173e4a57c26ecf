import { errors } from 'oidc-provider';
import type { ProviderAdapter, ProviderClient, ProviderContext, ProviderToken } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { resourceOf } from '../../kernel/bound-resource.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { clientAuthMethods, scopes } from '../../modules/access/index.ts';
import { ProviderSigningKey } from './signing-key.ts';
import type { TokenSigningKey } from './signing-key.ts';
import { assertClientAssertion } from './client-assertion.ts';
import type { CertificateQuestions } from './certificate-questions.ts';
import { assertRecentProof } from './proof-age.ts';
import type { PeopleStore } from '../../modules/people/index.ts';
import { renderError, signInConfiguration, signInLives } from './sign-in-configuration.ts';
import { delegationOf, tokenExchangeGrant } from './token-exchange.ts';

export interface ProviderConfigurationOptions {
  /** The platform's public base URL: issuer, and the one audience of its access tokens. */
  readonly issuer: string;
  readonly adapter: (model: string) => ProviderAdapter;
  /** The key that signs. */
  readonly signingKey: TokenSigningKey;
  /** 32 bytes: nonces for proofs are made with it. */
  readonly nonceKey: Uint8Array;
  readonly certificates: CertificateQuestions;
  readonly people: Pick<PeopleStore, 'findRights'>;
  /** 32 bytes: cookies are signed with it. */
  readonly pageKey: Uint8Array;
  readonly clock: Clock;
}

/** With which a client's assertions, and the proofs of its tokens, may be signed. */
export const assertionAlgorithms = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const;
export const proofAlgorithms = ['ES256', 'EdDSA'] as const;

const accessTokenSeconds = limits.accessTokenMs / 1000;

/** All features of oidc-provider are off except those that the token endpoint needs for client_credentials. */
export function providerConfiguration(options: ProviderConfigurationOptions): Readonly<Record<string, unknown>> {
  const off = { enabled: false };
  return {
    adapter: options.adapter,
    jwks: { keys: [new ProviderSigningKey(options.signingKey)] },
    scopes: [...scopes],
    claims: {},
    responseTypes: ['code'],
    clientAuthMethods: [...clientAuthMethods, 'none'],
    ...signInConfiguration(options),
    clockTolerance: limits.clientAssertionLeewayMs / 1000,
    assertJwtClientAuthClaimsAndHeader: (
      _context: ProviderContext,
      claims: Readonly<Record<string, unknown>>,
      header: Readonly<Record<string, unknown>>,
    ) => assertClientAssertion(options, claims, header),
    clientDefaults: {
      grant_types: ['client_credentials', tokenExchangeGrant],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    extraClientMetadata: { properties: ['tenant_id', 'tenant_slug', 'principal_kind', 'client_authorities'] },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: [...assertionAlgorithms],
      dPoPSigningAlgValues: [...proofAlgorithms],
    },
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      introspection: '/oauth/introspect',
      revocation: '/oauth/revoke',
    },
    ttl: { ClientCredentials: accessTokenSeconds, AccessToken: accessTokenSeconds, ...signInLives },
    clientBasedCORS: () => false,
    renderError,
    extraTokenClaims,
    formats: { customizers: { jwt: stampBy(options.clock) } },
    features: {
      clientCredentials: { enabled: true },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      introspection: { enabled: true, allowedPolicy: mayIntrospect },
      revocation: { enabled: true, allowedPolicy: isItsOwn },
      devInteractions: off,
      dPoP: { enabled: true, nonceSecret: Buffer.from(options.nonceKey), requireNonce: nonceRule(options.clock) },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        tlsClientAuth: true,
        ...options.certificates,
      },
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

/** A client that proved itself learns of signed tokens of its own tenant; each learns of its own tokens (RFC 7662 section 2.1). */
function mayIntrospect(context: ProviderContext, client: ProviderClient, token: ProviderToken): boolean {
  const hasProvedItself = client.clientAuthMethod !== 'none';
  const isOfTenant = token.kind === 'ClientCredentials' && token.extra?.['tid'] === client['tenant_id'];
  return (hasProvedItself && isOfTenant) || isItsOwn(context, client, token);
}

/** RFC 7009 section 2.1: only who it was issued to. */
function isItsOwn(_context: ProviderContext, client: ProviderClient, token: ProviderToken): boolean {
  return token.clientId === client.clientId;
}

/** A nonce is always needed. The authorization server takes it for proof enough of a proof's age; we check its time as well. */
function nonceRule(clock: Clock) {
  return (context: ProviderContext): true => {
    assertRecentProof(context.req.headers['dpop'], clock);
    return true;
  };
}

/** Our claims: tenant id, tenant slug and kind of principal, from the client as it is now. */
function extraTokenClaims(
  context: ProviderContext,
  { client, accountId, grantId }: ProviderToken,
): Readonly<Record<string, unknown>> {
  const tenant = { tid: client?.['tenant_id'], tenant: client?.['tenant_slug'] };
  // On a person's authority: it ends with the grant that the person gave.
  if (accountId !== undefined) return { ...tenant, pk: 'person', from: [grantId] };
  const own = { ...tenant, pk: client?.['principal_kind'] };
  const mayAct = context.oidc.params['may_act'];
  if (mayAct === undefined) return own;
  if (typeof mayAct !== 'string' || !isId('cli', mayAct))
    throw new errors.InvalidRequest('may_act must be a client id');
  return { ...own, may_act: { sub: mayAct } };
}

/** Tokens are dated by the platform's clock, and not valid before they exist. */
function stampBy(clock: Clock) {
  return (
    context: ProviderContext,
    _token: ProviderToken,
    jwt: { readonly payload: Record<string, unknown> },
  ): void => {
    const iat = Math.floor(clock.nowMs() / 1000);
    Object.assign(jwt.payload, { iat, nbf: iat, exp: iat + accessTokenSeconds }, delegationOf(context));
  };
}

/**
 * What a token can be for (RFC 8707): the platform, or the agents of the client's tenant, or one of them; one at a time. Asking for no
 * scope asks for all of the client's; asking for one that it lacks is an error, also for a scope that does not exist, so that no client
 * works with less than they think they have.
 */
function resourceServerOf(issuer: string) {
  return (context: ProviderContext, resource: string, client: ProviderClient): Readonly<Record<string, unknown>> => {
    // A page of consent shows one, and a token is for one.
    if (Array.isArray(context.oidc.params.resource)) throw new errors.InvalidTarget('only one resource at a time');
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
