import type { FastifyInstance } from 'fastify';
import { scopes } from '../../modules/access/index.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import type { TokenEndpointOptions } from './token-endpoint.ts';

export interface OauthOptions extends TokenEndpointOptions {
  /** The key set to publish: public halves only. */
  readonly jwks: () => { readonly keys: readonly object[] };
}

const publicSeconds = 300;

/** Registers the token endpoint and the two public documents. */
export async function registerOauth(app: FastifyInstance, options: OauthOptions): Promise<void> {
  const answer = createTokenEndpoint(options);
  const endpoint = (operation: string) => ({ config: { endpoint: { surface: 'oauth', operation } } });
  await app.register((scope) => {
    // The authorization server reads the body itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    scope.post('/oauth/token', endpoint('token.issue'), (request, reply) => {
      reply.hijack();
      return answer(request.visit);
    });
  });
  const metadata = JSON.stringify(metadataOf(options.issuer));
  app.get('/.well-known/oauth-authorization-server', endpoint('metadata.read'), (_request, reply) => {
    void reply.header('Cache-Control', `public, max-age=${publicSeconds}`).type('application/json').send(metadata);
  });
  app.get('/.well-known/jwks.json', endpoint('keys.read'), (_request, reply) => {
    const cached = reply.header('Cache-Control', `public, max-age=${publicSeconds}`);
    void cached.type('application/jwk-set+json').send(JSON.stringify(options.jwks()));
  });
}

/** Authorization server metadata (RFC 8414 section 2). There is no authorization endpoint, so there is no response type. */
function metadataOf(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: scopes,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };
}
