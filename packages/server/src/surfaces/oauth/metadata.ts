import { resourceOf } from '../../kernel/bound-resource.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { clientAuthMethods, scopes } from '../../modules/access/index.ts';
import { assertionAlgorithms, proofAlgorithms } from './provider-configuration.ts';
import { tokenExchangeGrant } from './token-exchange.ts';

/** Authorization server metadata (RFC 8414 section 2). There are no ID tokens, so this is no OpenID provider. */
export function metadataOf(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials', tokenExchangeGrant],
    token_endpoint_auth_methods_supported: [...clientAuthMethods, 'none'],
    introspection_endpoint_auth_methods_supported: clientAuthMethods,
    revocation_endpoint_auth_methods_supported: clientAuthMethods,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    dpop_signing_alg_values_supported: proofAlgorithms,
    tls_client_certificate_bound_access_tokens: true,
  };
}

/**
 * Protected resource metadata (RFC 9728 section 2) of the platform, or of the agents at a path of it. The address has to be written as
 * tokens name it; throws `request.unknown-address` otherwise.
 */
export function protectedResourceOf(issuer: string, path: string): Readonly<Record<string, unknown>> {
  const [plain = ''] = path.split('?');
  const resource = `${issuer}${plain}`;
  if (resourceOf(resource, issuer) === undefined) throw new PlatformError('request.unknown-address');
  return {
    resource,
    authorization_servers: [issuer],
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: proofAlgorithms,
    tls_client_certificate_bound_access_tokens: true,
  };
}
