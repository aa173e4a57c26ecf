import type { Caller, Principal } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource, RequestId, TenantId } from '../../kernel/ids.ts';
import type { Random } from '../../kernel/random.ts';
import type { ClientSecretHasher } from './client-secret-hasher.ts';
import type { CreatedOAuthClient } from './oauth-client.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';
import { scopes as allScopes, tenantScopes } from './scope.ts';

export interface ClientCreationPorts {
  readonly clients: OAuthClientStore;
  readonly secrets: ClientSecretHasher;
  readonly random: Random;
  readonly ids: IdSource;
}

export interface CreateClientInput {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly scopes: readonly string[];
}

export interface CreateOperatorInput {
  /** The tenant that holds the operators. */
  readonly tenantId: TenantId;
  readonly name: string;
  readonly requestId: RequestId;
}

const nameCharsMax = 200;
const secretBytes = 32;

/**
 * Creates a client of a tenant; its secret is in the answer and nowhere else. Throws `request.invalid`, `access.client-exists`,
 * and `access.scope-missing` for a scope that the caller does not hold itself, unless it is an operator.
 */
export function createClient(ports: ClientCreationPorts) {
  return async (caller: Caller, input: CreateClientInput): Promise<CreatedOAuthClient> => {
    const violations = clientViolations(input);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const scopes = [...new Set(input.scopes)];
    refuseEscalation(caller, scopes);
    const actor = { actorId: caller.principal.id, requestId: caller.requestId };
    return store(ports, { ...input, scopes, kind: 'oauth-client' }, actor);
  };
}

/** Creates a client with every right on the platform. No surface offers it: whoever runs the platform's process may call it. */
export function createOperator(ports: ClientCreationPorts) {
  return (input: CreateOperatorInput): Promise<CreatedOAuthClient> => {
    const actor = { actorId: 'platform', requestId: input.requestId };
    return store(ports, { tenantId: input.tenantId, name: input.name, scopes: allScopes, kind: 'operator' }, actor);
  };
}

/** Everything wrong with a new client, field by field. */
function clientViolations(input: CreateClientInput): { field: string; description: string }[] {
  // Counted like the database counts: in code points.
  const nameChars = Array.from(input.name).length;
  const nameFits = nameChars >= 1 && nameChars <= nameCharsMax && input.name.trim() !== '' && input.name.isWellFormed();
  const known: readonly string[] = tenantScopes;
  const unknown = input.scopes.some((scope) => !known.includes(scope));
  return [
    ...(nameFits && !input.name.includes('\0')
      ? []
      : [{ field: 'name', description: `must have 1 to ${nameCharsMax} characters` }]),
    ...(input.scopes.length > 0 && !unknown
      ? []
      : [{ field: 'scopes', description: `must name at least one of ${tenantScopes.join(', ')}, and nothing else` }]),
  ];
}

/** Nobody grants what they lack. */
function refuseEscalation(caller: Caller, scopes: readonly string[]): void {
  if (caller.principal.kind === 'operator' && caller.scopes.has('platform:operate')) return;
  const lacking = scopes.filter((scope) => !caller.scopes.has(scope));
  if (lacking.length === 0) return;
  throw new PlatformError('access.scope-missing', {
    message: 'A client can be given only scopes that the access token of its creator carries.',
    details: { scope: lacking.join(' ') },
  });
}

interface ClientDraft extends CreateClientInput {
  readonly kind: Principal['kind'];
}

async function store(
  ports: ClientCreationPorts,
  draft: ClientDraft,
  actor: { readonly actorId: string; readonly requestId: RequestId },
): Promise<CreatedOAuthClient> {
  const clientId = ports.ids.next('cli');
  // The prefix lets secret scanners find a leaked one.
  const clientSecret = `cls_${Buffer.from(ports.random.bytes(secretBytes)).toString('base64url')}`;
  const { tenantId, name, kind, scopes } = draft;
  const secret = { secretId: ports.ids.next('sec'), hash: ports.secrets.hash(clientSecret), lifeMs: null };
  const authentication = { method: 'client_secret_basic' } as const;
  const client = await ports.clients.create(
    tenantId,
    { clientId, name, kind, scopes, authentication, tokenBinding: 'none', secret },
    {
      ...actor,
      tenantId,
      entryId: ports.ids.next('ent'),
      action: 'client.created',
      outcome: 'succeeded',
      resource: `clients/${clientId}`,
      facts: { name, kind, scopes: scopes.join(' ') },
    },
  );
  if (client === null) throw new PlatformError('access.client-exists');
  return { client, clientSecret };
}
