import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asRequestError, errorHeaders, renderProblem, statusOf } from '../http/index.ts';
import { UnauthenticatedRequests } from './unauthenticated-requests.ts';
import { metadataOf, protectedResourceOf } from './metadata.ts';
import { registerSignIn } from './sign-in-endpoints.ts';
import type { SignInSurfacePorts } from './sign-in-endpoints.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import type { TokenEndpointOptions } from './token-endpoint.ts';

export interface OauthOptions extends TokenEndpointOptions, SignInSurfacePorts {
  /** The key set to publish: public halves only. */
  readonly jwks: () => { readonly keys: readonly object[] };
}

/** The refusals before a request reaches the authorization server, by the names of RFC 6749 section 5.2. */
function renderTokenError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const failure = asRequestError(error);
  if (failure.kind !== 'rate-limited') return renderProblem(error, request, reply);
  request.context.fail(failure);
  void reply
    .code(statusOf(failure))
    .headers(errorHeaders(failure))
    .type('application/json')
    .send('{"error":"slow_down"}');
}

const publicSeconds = 300;
const publicly = `public, max-age=${publicSeconds}`;
const endpoint = (operation: string) => ({ config: { endpoint: { surface: 'oauth', operation } } });

/** Registers the endpoints of the authorization server and its public documents. */
export async function registerOauth(app: FastifyInstance, options: OauthOptions): Promise<void> {
  const server = createTokenEndpoint(options);
  await app.register((scope) => {
    // The authorization server reads the body itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    const room = new UnauthenticatedRequests();
    scope.setErrorHandler(renderTokenError);
    const serve = (path: string, operation: string): void => {
      scope.post(path, endpoint(operation), (request, reply) => {
        room.admit(request);
        reply.hijack();
        return server.answer(request.context);
      });
    };
    for (const path of ['/oauth/authorize', '/oauth/authorize/:uid'])
      scope.get(path, endpoint('sign-in.ask'), (request, reply) => {
        reply.hijack();
        return server.answer(request.context);
      });
    serve('/oauth/token', 'token.issue');
    serve('/oauth/introspect', 'token.introspect');
    serve('/oauth/revoke', 'token.revoke');
  });
  await registerSignIn(app, options, { providerFor: ({ context }) => server.providerFor(context) });
  registerDocuments(app, options);
}

function registerDocuments(app: FastifyInstance, options: OauthOptions): void {
  const metadata = JSON.stringify(metadataOf(options.issuer));
  const show = (path: string, operation: string, document: (path: string) => string): void => {
    app.get(path, endpoint(operation), (request, reply) => {
      void reply.header('Cache-Control', publicly).type('application/json').send(document(request.url));
    });
  };
  show('/.well-known/oauth-authorization-server', 'metadata.read', () => metadata);
  const resource = '/.well-known/oauth-protected-resource';
  // The same for every address of that form: it tells nothing about which agents there are.
  const tenant = `${resource}/t/:tenant`;
  for (const path of [resource, tenant, `${tenant}/agents/:agent`, `${tenant}/router`])
    show(path, 'resource.read', (url) =>
      JSON.stringify(protectedResourceOf(options.issuer, url.slice(resource.length))),
    );
  app.get('/.well-known/jwks.json', endpoint('keys.read'), (_request, reply) => {
    const cached = reply.header('Cache-Control', publicly);
    void cached.type('application/jwk-set+json').send(JSON.stringify(options.jwks()));
  });
}
