import type { Caller, CostAllocation } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { RequestId, TenantId } from '../../kernel/ids.ts';
import type { PersonalFactPorts } from '../audit/index.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { ClientKeyReader } from './client-key-reader.ts';
import { readAuthentication, usualBinding } from './client-proof-rules.ts';
import type { WantedAuthentication } from './client-proof-rules.ts';
import { newSecret } from './client-secret.ts';
import type { SecretPorts } from './client-secret.ts';
import { allocationFacts, allocationViolations, noAllocation } from './cost-allocation.ts';
import type { CreatedOAuthClient, OAuthClient } from './oauth-client.ts';
import type { NewOAuthClient, OAuthClientStore } from './oauth-client-store.ts';
import { nameViolations, scopeViolations } from './credential-rules.ts';
import { refuseEscalation } from './refuse-escalation.ts';
import { scopes as allScopes } from '../../kernel/scope.ts';
import type { TokenBinding } from './token-binding.ts';

export interface ClientCreationPorts extends SecretPorts, PersonalFactPorts {
  readonly clients: OAuthClientStore;
}

export interface CreateClientInput {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The binding of its tokens. Default: the usual one of its authentication method. */
  readonly tokenBinding?: TokenBinding;
  /** Default: none, so that its tasks count for those of the agents. */
  readonly allocation?: CostAllocation;
}

export interface CreateSecretClientInput extends CreateClientInput {
  /** Default: `client_secret_basic`. */
  readonly authentication?: Extract<WantedAuthentication, { readonly method: `client_secret_${string}` }>;
  /** Life of its first secret; absent for ever. */
  readonly secretLifeMs?: number;
}

export interface CreateKeyClientInput extends CreateClientInput {
  readonly authentication: Exclude<WantedAuthentication, { readonly method: `client_secret_${string}` }>;
}

export interface CreateOperatorInput {
  /** The tenant that holds the operators. */
  readonly tenantId: TenantId;
  readonly name: string;
  readonly requestId: RequestId;
}

const escalation = 'A client can be given only scopes that the access token of its creator carries.';

/**
 * Creates a client of a tenant; its secret is in the answer and nowhere else. Throws `request.invalid`, `access.client-exists`,
 * and `access.scope-missing` for a scope that the caller does not hold itself, unless it is an operator.
 */
export function createClient(ports: ClientCreationPorts) {
  return async (caller: Caller, input: CreateSecretClientInput): Promise<CreatedOAuthClient> => {
    const { authentication = basic, secretLifeMs: lifeMs = null } = input;
    const draft = draftOf(caller, input, authentication);
    const secret = newSecret(ports, lifeMs);
    return {
      client: await store(ports, { ...draft, secret: secret.kept }, actorOf(caller)),
      clientSecret: secret.shown,
    };
  };
}

/** Creates a client of a tenant that authenticates with a key or a certificate. Throws as {@link createClient} does. */
export function createKeyClient(ports: ClientCreationPorts & { readonly clientKeys: ClientKeyReader }) {
  return async (caller: Caller, input: CreateKeyClientInput): Promise<OAuthClient> => {
    const authentication = readAuthentication(ports.clientKeys, input.authentication);
    if ('field' in authentication) throw new PlatformError('request.invalid', { violations: [authentication] });
    return store(ports, { ...draftOf(caller, input, authentication), secret: null }, actorOf(caller));
  };
}

/** Creates an operator, a client with every right on the platform. No surface offers it: it runs in the platform's own process. */
export function createOperator(ports: ClientCreationPorts) {
  return async ({ tenantId, name, requestId }: CreateOperatorInput): Promise<CreatedOAuthClient> => {
    const secret = newSecret(ports, null);
    const rights = { scopes: allScopes, kind: 'operator', authentication: basic, tokenBinding: 'none' } as const;
    const draft = { tenantId, name, ...rights, allocation: noAllocation, secret: secret.kept };
    return { client: await store(ports, draft, { actorId: 'platform', requestId }), clientSecret: secret.shown };
  };
}

const basic = { method: 'client_secret_basic' } as const;

type ClientDraft = Omit<NewOAuthClient, 'clientId' | 'secret'> & { readonly tenantId: TenantId };

function draftOf(caller: Caller, input: CreateClientInput, authentication: ClientAuthentication): ClientDraft {
  const { tenantId, name, tokenBinding = usualBinding(authentication), allocation = noAllocation } = input;
  const violations = [...nameViolations(name), ...scopeViolations(input.scopes), ...allocationViolations(allocation)];
  if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
  const scopes = [...new Set(input.scopes)];
  refuseEscalation(caller, scopes, escalation);
  return { tenantId, name, scopes, kind: 'oauth-client', authentication, tokenBinding, allocation };
}

interface Actor {
  readonly actorId: string;
  readonly requestId: RequestId;
}

function actorOf(caller: Caller): Actor {
  return { actorId: caller.principal.id, requestId: caller.requestId };
}

async function store(
  ports: ClientCreationPorts,
  draft: ClientDraft & Pick<NewOAuthClient, 'secret'>,
  actor: Actor,
): Promise<OAuthClient> {
  const clientId = ports.ids.next('cli');
  const { tenantId, ...fields } = draft;
  const { name, kind, scopes, authentication, tokenBinding, allocation } = fields;
  // People name clients after themselves, and audit entries are kept, so the name is sealed.
  const named = await ports.personal.seal(tenantId, clientId, { name });
  const client = await ports.clients.create(
    tenantId,
    { clientId, ...fields },
    {
      ...actor,
      tenantId,
      entryId: ports.ids.next('ent'),
      action: 'client.created',
      outcome: 'succeeded',
      resource: `clients/${clientId}`,
      facts: {
        ...named,
        kind,
        scopes: scopes.join(' '),
        authentication: authentication.method,
        tokenBinding,
        ...allocationFacts(allocation),
      },
    },
  );
  if (client === null) throw new PlatformError('access.client-exists');
  return client;
}
