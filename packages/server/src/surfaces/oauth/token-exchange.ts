import { errors } from 'oidc-provider';
import type { ProviderContext } from 'oidc-provider';
import { resourceOf } from '../../kernel/bound-resource.ts';
import type { BoundResource } from '../../kernel/caller.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { routerName } from '../../kernel/router-name.ts';
import { delegate } from '../../modules/access/index.ts';
import type { Delegation, JudgeAccessToken, JudgedToken } from '../../modules/access/index.ts';
import type { AuditLog } from '../../modules/audit/index.ts';
import { temporarilyUnavailable } from './oauth-errors.ts';
import { actClaim } from './presented-tokens.ts';

/** RFC 8693 section 2.1. */
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

export const exchangeParameters = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'audience',
  'scope',
  'resource',
] as const;

export interface TokenExchangePorts {
  readonly issuer: string;
  readonly judge: JudgeAccessToken;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly ids: IdSource;
  readonly clock: Clock;
}

type Issue = (context: ProviderContext) => Promise<void>;

/**
 * The token exchange grant (RFC 8693), for delegation only: without an actor's token there is none. The new token is issued as any
 * token of the client is, by `issue`, bound as the client's tokens are; what it says comes from `delegationOf`.
 */
export function exchangeTokens(ports: TokenExchangePorts, issue: Issue): Issue {
  return async (context) => {
    const { params, client } = context.oidc;
    if (client === undefined) throw new errors.InvalidRequest('no client');
    assertTypes(params);
    const [subject, actor] = await Promise.all([
      judged(ports.judge, params['subject_token']),
      judged(ports.judge, params['actor_token']),
    ]);
    const scopes = typeof params.scope === 'string' ? params.scope.split(' ') : null;
    const resource = wantedResource(params, ports.issuer);
    const delegation = delegate(subject, actor, { clientId: client.clientId, scopes, resource });
    if (typeof delegation === 'string') throw refusal(delegation, params.scope);
    context.state['delegation'] = delegation;
    params.scope = delegation.scopes.join(' ');
    params.resource = addressOf(delegation.boundTo, ports.issuer);
    await recordExchange(ports, context, { subject, delegation });
    await issue(context);
    const expiresIn = Math.floor((delegation.expiresAtMs - ports.clock.nowMs()) / 1000);
    Object.assign(context.body ?? {}, { issued_token_type: accessTokenType, expires_in: expiresIn });
  };
}

/** What the token that is being issued says beyond what a client's own says; undefined for a client's own. */
export function delegationOf(context: ProviderContext): Readonly<Record<string, unknown>> | undefined {
  const delegation = context.state['delegation'];
  if (!isDelegation(delegation)) return undefined;
  const { principal, actors, mayAct, from, expiresAtMs } = delegation;
  return {
    sub: principal.id,
    pk: principal.kind,
    act: actClaim(actors),
    ...(mayAct === null ? {} : { may_act: { sub: mayAct } }),
    from,
    exp: Math.floor(expiresAtMs / 1000),
  };
}

function isDelegation(value: unknown): value is Delegation {
  return typeof value === 'object' && value !== null && 'actors' in value;
}

function assertTypes(params: ProviderContext['oidc']['params']): void {
  for (const name of ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type'])
    if (typeof params[name] !== 'string') throw new errors.InvalidRequest(`missing required parameter: ${name}`);
  for (const name of ['subject_token_type', 'actor_token_type', 'requested_token_type'])
    if (params[name] !== undefined && params[name] !== accessTokenType)
      throw new errors.InvalidRequest(`${name} must be ${accessTokenType}`);
}

/** Whatever is wrong with a token, the answer is the same. */
async function judged(judge: JudgeAccessToken, token: unknown): Promise<JudgedToken> {
  try {
    return await judge(String(token));
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'access.unauthenticated') throw refusal('invalid_grant');
    throw temporarilyUnavailable(error);
  }
}

function refusal(code: 'invalid_grant' | 'invalid_scope' | 'invalid_target', scope?: string): Error {
  if (code === 'invalid_target') return new errors.InvalidTarget('the resource is beyond what the tokens are for');
  if (code === 'invalid_scope') return new errors.InvalidScope('no requested scope is held by both', scope ?? '');
  return new errors.InvalidGrant('the tokens do not allow this delegation');
}

/** `resource` and `audience` mean the same here; naming two is asking for two. */
function wantedResource(params: ProviderContext['oidc']['params'], issuer: string): BoundResource | null | undefined {
  const wanted = [params.resource, params['audience']].filter((value) => value !== undefined);
  const [indicator] = wanted;
  if (indicator === undefined) return undefined;
  const resource = typeof indicator === 'string' ? resourceOf(indicator.replace(/\/$/, ''), issuer) : undefined;
  if (resource === undefined || new Set(wanted).size > 1) throw refusal('invalid_target');
  return resource;
}

function addressOf(boundTo: BoundResource | null, issuer: string): string {
  if (boundTo === null) return issuer;
  const tenant = `${issuer}/t/${boundTo.tenantSlug}`;
  if (boundTo.agentName === null) return tenant;
  return boundTo.agentName === routerName ? `${tenant}/router` : `${tenant}/agents/${boundTo.agentName}`;
}

/** Written before the token exists: a delegation without an audit entry is refused. */
async function recordExchange(
  { audit, ids }: TokenExchangePorts,
  context: ProviderContext,
  { subject, delegation }: { readonly subject: JudgedToken; readonly delegation: Delegation },
): Promise<void> {
  const { tenant } = subject.identity;
  const { client } = context.oidc;
  const requestId = context.state['requestId'];
  if (client === undefined || !isId('tnt', tenant.id)) throw new errors.InvalidRequest('no client');
  const entry = {
    tenantId: tenant.id,
    entryId: ids.next('ent'),
    actorId: client.clientId,
    action: 'token.exchanged',
    outcome: 'succeeded',
    resource: `tokens/${subject.claims.tokenId}`,
    requestId: typeof requestId === 'string' ? requestId : '',
    facts: {
      subject: delegation.principal.id,
      actors: delegation.actors.map(({ id }) => id).join(' '),
      scopes: delegation.scopes.join(' '),
      ...(delegation.boundTo === null ? {} : { agent: delegation.boundTo.agentName ?? '*' }),
    },
  } as const;
  try {
    await audit.append(entry);
  } catch (error) {
    throw temporarilyUnavailable(error);
  }
}
