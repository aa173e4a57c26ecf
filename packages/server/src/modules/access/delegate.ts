import { isWithin } from '../../kernel/bound-resource.ts';
import type { BoundResource, Principal } from '../../kernel/caller.ts';
import { limits } from '../../kernel/limits.ts';
import type { JudgedToken } from './judge-access-token.ts';

/** A request to act for another principal (RFC 8693 section 2.1). */
export interface RequestedDelegation {
  /** The requesting client; the actor token must be its own. */
  readonly clientId: string;
  /** Null: every scope that both tokens hold. */
  readonly scopes: readonly string[] | null;
  /** Undefined: as wide as both tokens allow. Null: the platform. */
  readonly resource: BoundResource | null | undefined;
}

/** The claims of the new token. None exceeds the claims of both tokens. */
export interface Delegation {
  readonly principal: Principal;
  /** The actors, nearest first: the new actor before those of the subject token. */
  readonly actors: readonly Principal[];
  readonly scopes: readonly string[];
  readonly boundTo: BoundResource | null;
  readonly mayAct: string | null;
  /** Ids of the tokens, grants and clients whose revocation ends the new token. */
  readonly from: readonly string[];
  readonly expiresAtMs: number;
}

/** Why the exchange is refused: error codes of RFC 6749 section 5.2 and RFC 8707 section 2. */
export type DelegationRefusal = 'invalid_grant' | 'invalid_scope' | 'invalid_target';

/**
 * The part of a subject's authority that an actor gets: always delegation, never impersonation, within one tenant. Authority only shrinks:
 * the scopes are requested and held by both, the expiry is the earlier one, the resource is within both, the delegation chain has at most
 * `limits.delegationActorsMax` actors and none twice, and `may_act` restricts the next actor.
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

/** The actor is a client that acts in its own name: a delegated token cannot act for a further one. */
function isActor({ identity, claims }: JudgedToken, clientId: string): boolean {
  const { principal, actors } = identity;
  return principal.kind === 'oauth-client' && actors.length === 0 && claims.clientId === clientId;
}

/** Operators cannot delegate their rights. */
function isSubject(subject: JudgedToken, actor: JudgedToken): boolean {
  const { principal, actors, tenant, confirmation } = subject.identity;
  const { principal: next, tenant: actorTenant } = actor.identity;
  if (principal.kind === 'operator' || tenant.id !== actorTenant.id) return false;
  const isNew = principal.id !== next.id && !actors.some(({ id }) => id === next.id);
  const { mayAct } = subject.claims;
  // A sender-bound token is accepted only from the actor that `may_act` names.
  const mayBeShown = confirmation === null || mayAct === next.id;
  return isNew && mayBeShown && (mayAct === null || mayAct === next.id) && actors.length < limits.delegationActorsMax;
}

function narrower(one: BoundResource | null, other: BoundResource | null): BoundResource | null | undefined {
  if (isWithin(one, other)) return one;
  return isWithin(other, one) ? other : undefined;
}

/** Everything that ends either token ends the new one: the tokens themselves, and the client that a person signed in through. */
function lineageOf(subject: JudgedToken, actor: JudgedToken): readonly string[] {
  const { claims } = subject;
  const own = [claims.tokenId, ...claims.from, claims.clientId, actor.claims.tokenId, ...actor.claims.from];
  return [...new Set(own)].filter((id) => id !== actor.claims.clientId);
}
