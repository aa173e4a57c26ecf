import type { Scope } from './scope.ts';

/** Which callers may ask for an operation. */
export interface OperationPolicy {
  readonly scope: Scope;
  /** `operator`: a tenant's client is refused whatever its scopes are. */
  readonly actor: 'anyone' | 'operator';
  /** The error for a caller of another tenant: the same as for a resource that does not exist. */
  readonly missing: 'registry.agent-unknown' | 'tenancy.tenant-unknown';
  /**
   * Where the scope must hold. `tenant`: in the whole tenant. `agent`: at the agent it is about, be it for one skill. `skill`: for the
   * skill that the message names. `task`: at the agent of the task, which the request does not name: the use case looks it up and judges
   * rights and resource there. `anywhere`: wherever, because the use case itself shows and takes only what the caller's rights reach.
   */
  readonly place: 'tenant' | 'agent' | 'skill' | 'task' | 'anywhere';
}

/** An operation on an agent, which looks missing to other tenants. */
export const ofAgent = (scope: Scope, place: OperationPolicy['place'] = 'agent'): OperationPolicy => ({
  scope,
  actor: 'anyone',
  missing: 'registry.agent-unknown',
  place,
});

/** An operation on a tenant or on something in it. */
export const ofTenant = (scope: Scope, place: OperationPolicy['place'] = 'tenant'): OperationPolicy => ({
  scope,
  actor: 'anyone',
  missing: 'tenancy.tenant-unknown',
  place,
});

/** An operation for operators only. */
export const ofPlatform: OperationPolicy = {
  scope: 'platform:operate',
  actor: 'operator',
  missing: 'tenancy.tenant-unknown',
  place: 'tenant',
};
