import { isWithin } from '../../kernel/bound-resource.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { policyOf } from './policy-table.ts';
import type { Operation } from './policy-table.ts';

/** What an operation is about. Without one it is about the caller's own tenant. */
export interface AccessedResource {
  readonly tenantSlug: string;
  /** Where it is an agent, or below one. */
  readonly agentName?: string;
}

/** As much of a caller as a decision needs. */
export type AccessSubject = Pick<Caller, 'principal' | 'scopes' | 'boundTo'> & {
  readonly tenant: { readonly slug: string };
};

/**
 * Returns when the caller may do this, and throws otherwise: `access.unauthenticated` for a token that is for another resource
 * (RFC 9068 section 4), `access.scope-missing` for a right it lacks everywhere, and the
 * not-found error of the operation for a resource of another tenant. The scope is judged first, so that what a caller learns
 * does not depend on whether the resource exists.
 */
export function authorize(caller: AccessSubject, operation: Operation, resource?: AccessedResource): void {
  if (caller.boundTo !== null && !isWithin(boundResourceOf(resource), caller.boundTo))
    throw new PlatformError('access.unauthenticated');
  const policy = policyOf(operation);
  if (policy === undefined) throw new PlatformError('access.scope-missing');
  const isOperator = caller.principal.kind === 'operator' && caller.scopes.has('platform:operate');
  if (!caller.scopes.has(policy.scope) || (policy.actor === 'operator' && !isOperator)) {
    throw new PlatformError('access.scope-missing', { details: { scope: policy.scope } });
  }
  if (resource !== undefined && resource.tenantSlug !== caller.tenant.slug && !isOperator) {
    throw new PlatformError(policy.missing);
  }
}

/** What is no agent's is the platform's own, which no narrower token is for. */
function boundResourceOf(resource: AccessedResource | undefined): Caller['boundTo'] {
  return resource?.agentName === undefined ? null : { tenantSlug: resource.tenantSlug, agentName: resource.agentName };
}
