import { everything, holdsAt, holdsForSome, holdsSomewhere } from '../../kernel/access-rights.ts';
import type { AccessRights } from '../../kernel/access-rights.ts';
import { isWithin } from '../../kernel/bound-resource.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { OperationPolicy } from '../../kernel/operation-policy.ts';
import { routerName } from '../../kernel/router-name.ts';
import { policyOf } from './policy-table.ts';
import type { Operation } from './policy-table.ts';

/** The resource of an operation. Without one, the operation is about the caller's own tenant. */
export interface AccessedResource {
  readonly tenantSlug: string;
  /** The agent of the operation, if it has one. */
  readonly agentName?: string | undefined;
  /** The skill that a message names; absent or null when it names none. */
  readonly skillId?: string | null | undefined;
}

/** The part of a caller that a decision needs. */
export type AccessSubject = Pick<Caller, 'principal' | 'scopes' | 'access' | 'boundTo'> & {
  readonly tenant: { readonly slug: string };
};

/**
 * Returns when the caller may do this, and throws otherwise: `access.unauthenticated` for a token that is for another resource
 * (RFC 9068 section 4), `access.scope-missing` for a right it lacks everywhere, and the not-found error of the operation for a
 * resource of another tenant. An agent at which the caller holds nothing looks like one that does not exist. The scope is judged
 * first, so that what a caller learns does not depend on whether the resource exists.
 */
export function authorize(caller: AccessSubject, operation: Operation, resource?: AccessedResource): void {
  const policy = policyOf(operation);
  if (caller.boundTo !== null && policy?.place !== 'task' && !isWithin(boundResourceOf(resource), caller.boundTo))
    throw new PlatformError('access.unauthenticated');
  if (policy === undefined) throw new PlatformError('access.scope-missing');
  const { scope } = policy;
  const isOperator = caller.principal.kind === 'operator' && caller.scopes.has('platform:operate');
  const isHeld = caller.scopes.has(scope) && (caller.access === everything || holdsSomewhere(caller.access, scope));
  if (!isHeld || (policy.actor === 'operator' && !isOperator)) throw scopeMissing(scope);
  if (resource !== undefined && resource.tenantSlug !== caller.tenant.slug && !isOperator) {
    throw new PlatformError(policy.missing);
  }
  if (caller.access !== everything) assertReached(caller.access, policy, resource ?? {});
}

/** Throws unless the scope, which holds somewhere, holds at this place too. */
function assertReached(
  access: AccessRights,
  { scope, place }: OperationPolicy,
  { agentName, skillId }: Partial<AccessedResource>,
): void {
  if (place === 'anywhere' || place === 'task' || holdsAt(access, scope, {})) return;
  if (place === 'tenant' || agentName === undefined) throw scopeMissing(scope);
  // A scope that holds anywhere opens the router: it uses and shows only agents that the caller's rights reach.
  if (agentName === routerName) return;
  if (!holdsForSome(access, scope, agentName)) throw new PlatformError('registry.agent-unknown');
  if (place === 'agent' || holdsAt(access, scope, { agentName, skillId })) return;
  // The caller may know the agent. Every skill that it has no right for gets this answer, whether the agent has the skill or not.
  throw new PlatformError('access.scope-missing', {
    message: 'This right holds for single skills: name one of them in the message.',
    details: { scope },
  });
}

function scopeMissing(scope: string): PlatformError {
  const message = `The access token lacks the scope ${scope}, which this operation needs; ask for a token with it.`;
  return new PlatformError('access.scope-missing', { message, details: { scope } });
}

/** A resource without an agent is the platform's own; a token that is bound to a narrower resource does not reach it. */
function boundResourceOf(resource: AccessedResource | undefined): Caller['boundTo'] {
  return resource?.agentName === undefined ? null : { tenantSlug: resource.tenantSlug, agentName: resource.agentName };
}
