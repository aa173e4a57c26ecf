import type { IncomingMessage } from 'node:http';
import type { Provider, ProviderContext } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import type { ClientSecretHasher, OAuthClientStore, SpentProofStore } from '../../modules/access/index.ts';
import type { Limiter } from '../../modules/limits/index.ts';
import { errorHeaders, networkOf } from '../http/index.ts';
import type { PeopleStore } from '../../modules/people/index.ts';
import type { RequestContext } from '../http/index.ts';
import { CapturingProvider } from './capturing-provider.ts';
import { FailureWatch } from './failure-watch.ts';
import { failureOf } from './oauth-errors.ts';
import { PresentedTokens } from './presented-tokens.ts';
import type { PresentedTokenPorts } from './presented-tokens.ts';
import { isOneOf, providerAdapter } from './provider-adapter.ts';
import type { CertificateQuestions } from './certificate-questions.ts';
import { certificateQuestions } from './presented-certificate.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { revokeByProvider } from './revoke-by-provider.ts';
import type { ProviderRevocationPorts } from './revoke-by-provider.ts';
import type { TokenSigningKey } from './signing-key.ts';
import { exchangeParameters, exchangeTokens, tokenExchangeGrant } from './token-exchange.ts';
import type { TokenExchangePorts } from './token-exchange.ts';

export interface TokenEndpointOptions extends PresentedTokenPorts, ProviderRevocationPorts, TokenExchangePorts {
  /** The platform's public base URL, without a trailing slash. */
  readonly issuer: string;
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly people: Pick<PeopleStore, 'findRights' | 'findSignInClient'>;
  /** 32 bytes, the same in every process: cookies and forms are marked with it. */
  readonly pageKey: Uint8Array;
  readonly spentProofs: SpentProofStore;
  /** 32 bytes, the same in every process: nonces for proofs are made with it. */
  readonly nonceKey: Uint8Array;
  readonly secrets: ClientSecretHasher;
  /** The key that signs access tokens now; the same object while it is the same key. */
  readonly signingKey: () => TokenSigningKey;
  readonly clock: Clock;
  readonly limiter: Pick<Limiter, 'assertUnfailing' | 'countFailure'>;
}

/** Answers a request to an endpoint that oidc-provider serves, such as the token endpoint (RFC 6749 section 3.2). The body must be unread. */
export interface TokenEndpoint {
  answer(context: RequestContext): Promise<void>;
  /** The authorization server of this moment, told of its own address. */
  providerFor(context: RequestContext): Provider;
}

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const openRequests = new WeakMap<IncomingMessage, RequestContext>();
  const watch = new FailureWatch(options.limiter, (request) =>
    networkOf(openRequests.get(request)?.clientAddress ?? ''),
  );
  const record = (context: ProviderContext, error: Error): void => {
    const failure = failureOf(error);
    openRequests.get(context.req)?.fail(failure);
    if (failure.code === 'access.unauthenticated') watch.count(context);
    sayWhenToRetry(context, failure);
  };
  const certificates = certificateQuestions(({ req }) => openRequests.get(req)?.peerCertificate ?? null, options.clock);
  const providerWith = (key: TokenSigningKey): Provider => {
    const provider = createProvider(options, { signingKey: key, watch, certificates });
    provider.use(async (context, next) => {
      context.state['requestId'] = openRequests.get(context.req)?.requestId;
      await next();
    });
    for (const event of recordedEvents) provider.on(event, record);
    provider.on('server_error', record);
    // Without a listener the provider writes to the console.
    provider.on('error', (error, context) => {
      if (context !== undefined) record(context, error);
    });
    return provider;
  };
  let signingKey = options.signingKey();
  let provider = providerWith(signingKey);
  let handle = provider.callback();
  const prepare = (context: RequestContext): void => {
    // A provider keeps the key that it was made with.
    if (options.signingKey() !== signingKey) {
      signingKey = options.signingKey();
      provider = providerWith(signingKey);
      handle = provider.callback();
    }
    openRequests.set(context.request, context);
    // No page may read the answer, whatever its origin: see dropCors.
    delete context.request.headers.origin;
    nameIssuer(context.request, options.issuer);
  };
  return {
    answer(context) {
      prepare(context);
      return handle(context.request, context.response);
    },
    providerFor(context) {
      prepare(context);
      return provider;
    },
  };
}

const recordedEvents = ['grant.error', 'introspection.error', 'revocation.error', 'authorization.error'] as const;

interface ProviderParts {
  readonly signingKey: TokenSigningKey;
  readonly watch: FailureWatch;
  readonly certificates: CertificateQuestions;
}

function createProvider(options: TokenEndpointOptions, { signingKey, watch, certificates }: ProviderParts): Provider {
  const { issuer, clients, people, pageKey, records, spentProofs, secrets, nonceKey, clock } = options;
  const adapter = providerAdapter({
    clients,
    people,
    records,
    spentProofs,
    beforeClient: (clientId) => watch.beforeClient(clientId),
    presented: new PresentedTokens(options),
    revocations: revokeByProvider(options),
  });
  const configuration = providerConfiguration({
    issuer,
    adapter,
    signingKey,
    nonceKey,
    certificates,
    people,
    pageKey,
    clock,
  });
  const provider = new CapturingProvider(issuer, configuration);
  // It believes what nameIssuer tells it of its own address.
  provider.proxy = true;
  const exchange = exchangeTokens(options, provider.handlerOf('client_credentials'));
  provider.registerGrantType(tokenExchangeGrant, exchange, exchangeParameters);
  // The public way to keep hashes instead of secrets; what needs the secret itself (client_secret_jwt) is off.
  provider.Client.prototype.compareClientSecret = function compareClientSecret(actual) {
    return isOneOf(this.clientSecret, secrets.hash(actual));
  };
  return provider.use(dropCors);
}

/** Proofs name the platform's public address, whatever this process is called by. Overwrites what the sender may have said of it. */
function nameIssuer({ headers }: IncomingMessage, issuer: string): void {
  const { protocol, host } = new URL(issuer);
  headers['x-forwarded-proto'] = protocol.slice(0, -1);
  headers['x-forwarded-host'] = host;
}

function sayWhenToRetry(context: ProviderContext, failure: PlatformError): void {
  if (failure.retry.kind !== 'after' || context.res.headersSent) return;
  for (const [name, value] of Object.entries(errorHeaders(failure))) context.set(name, value);
}

async function dropCors(context: ProviderContext, next: () => Promise<void>): Promise<void> {
  await next();
  for (const name of ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers', 'Vary']) context.remove(name);
}
