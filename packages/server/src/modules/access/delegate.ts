import { isWithin } from '../../kernel/bound-resource.ts';
import type { BoundResource, Principal } from '../../kernel/caller.ts';
import { limits } from '../../kernel/limits.ts';
import type { JudgedToken } from './judge-access-token.ts';

/** What somebody asks for who wants to act for somebody else (RFC 8693 section 2.1). */
export interface RequestedDelegation {
  /** The client that asks; the actor's token has to be its own. */
  readonly clientId: string;
  /** Null: all that there is. */
  readonly scopes: readonly string[] | null;
  /** Undefined: as wide as both tokens allow. Null: the platform. */
  readonly resource: BoundResource | null | undefined;
}

/** What the new token says. Nothing of it exceeds what both tokens say. */
export interface Delegation {
  readonly principal: Principal;
  /** Who acts, nearest first: the new actor before those of the subject's token. */
  readonly actors: readonly Principal[];
  readonly scopes: readonly string[];
  readonly boundTo: BoundResource | null;
  readonly mayAct: string | null;
  /** What the new token ends with. */
  readonly from: readonly string[];
  readonly expiresAtMs: number;
}

/** Why there is none, in the words of RFC 6749 section 5.2 and RFC 8707 section 2. */
export type DelegationRefusal = 'invalid_grant' | 'invalid_scope' | 'invalid_target';

/**
 * What an actor can be given of a subject's authority: always delegation, never impersonation, in one tenant. Authority only shrinks:
 * scopes are what is asked for and both hold, the end is the earlier one, the resource is within both, the chain has at most
 * `limits.delegationActorsMax` actors and nobody twice, and `may_act` names who may be next.
 */
export function delegate(
  subject: JudgedToken,
  actor: JudgedToken,
  requested: RequestedDelegation,
): Delegation | DelegationRefusal {
  if (!isActor(actor, requested.clientId) || !isSubject(subject, actor)) return 'invalid_grant';
  const boundTo =
    requested.resource === undefined ? narrower(subject.identity.boundTo, actor.identity.boundTo) : requested.resource;
  if (boundTo === undefined) return 'invalid_target';
  if (!isWithin(boundTo, subject.identity.boundTo) || !isWithin(boundTo, actor.identity.boundTo))
    return 'invalid_target';
  const scopes = [...subject.identity.scopes].filter(
    (scope) => actor.identity.scopes.has(scope) && (requested.scopes?.includes(scope) ?? true),
  );
  if (scopes.length === 0) return 'invalid_scope';
  return {
    principal: subject.identity.principal,
    actors: [actor.identity.principal, ...subject.identity.actors],
    scopes,
    boundTo,
    mayAct: subject.claims.mayAct,
    from: lineageOf(subject, actor),
    expiresAtMs: Math.min(subject.identity.expiresAtMs, actor.identity.expiresAtMs),
  };
}

/** A client that acts in its own name: nobody acts by somebody else's authority to act. */
function isActor({ identity, claims }: JudgedToken, clientId: string): boolean {
  const { principal, actors } = identity;
  return principal.kind === 'oauth-client' && actors.length === 0 && claims.clientId === clientId;
}

/** Whoever runs the platform lends that to nobody. */
function isSubject(subject: JudgedToken, actor: JudgedToken): boolean {
  const { principal, actors, tenant, confirmation } = subject.identity;
  const { principal: next, tenant: actorTenant } = actor.identity;
  if (principal.kind === 'operator' || tenant.id !== actorTenant.id) return false;
  const isNew = principal.id !== next.id && !actors.some(({ id }) => id === next.id);
  const { mayAct } = subject.claims;
  // A token that only its holder can use is worth nothing to others, unless its holder named them.
  const mayBeShown = confirmation === null || mayAct === next.id;
  return isNew && mayBeShown && (mayAct === null || mayAct === next.id) && actors.length < limits.delegationActorsMax;
}

function narrower(one: BoundResource | null, other: BoundResource | null): BoundResource | null | undefined {
  if (isWithin(one, other)) return one;
  return isWithin(other, one) ? other : undefined;
}

/** Whatever ends either token ends the new one: the tokens themselves, and the client through which a person came. */
function lineageOf(subject: JudgedToken, actor: JudgedToken): readonly string[] {
  const { claims } = subject;
  const own = [claims.tokenId, ...claims.from, claims.clientId, actor.claims.tokenId, ...actor.claims.from];
  return [...new Set(own)].filter((id) => id !== actor.claims.clientId);
}
