import type { AdminCall } from './admin-call.ts';
import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import { listing, making, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { object, optional, string } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** A role, for whom and where. */
export interface RoleAssignment {
  /** Id of a client, key, person or external subject. */
  readonly principal: string;
  /** `tenant-admin`, `developer`, `auditor`, `caller`, `agent` or `host`. */
  readonly role: string;
  /** Absent: the whole tenant. */
  readonly agent?: string | undefined;
  /** Absent: the whole agent. */
  readonly skill?: string | undefined;
}

/** A role that a principal has. */
export interface Grant extends RoleAssignment {
  readonly grantId: string;
  /** Id of the principal that gave it. */
  readonly grantedBy: string;
  readonly createdAt: string;
}

/** Something that is stopped. */
export interface Stop {
  /** `agent`, `principal` or `tenant`. */
  readonly kind: string;
  /** Name of the agent or id of the principal; absent for the tenant. */
  readonly name?: string | undefined;
  readonly reason: string;
  readonly stoppedBy: string;
  readonly stoppedAt: string;
}

/** What to stop. */
export type StopTarget = { readonly kind: 'agent' | 'principal'; readonly name: string } | { readonly kind: 'tenant' };

/** Roles of principals. */
export interface GrantAdmin {
  /** From its first role on, a principal may do only what its roles say. */
  add(assignment: RoleAssignment): Promise<Grant>;
  list(request?: PageRequest): Promise<Page<Grant>>;
  remove(grantId: string): Promise<void>;
}

/** The kill switch. */
export interface StopAdmin {
  /** Refuses new work everywhere within seconds, and cancels what is under way. */
  set(target: StopTarget, reason: string): Promise<Stop>;
  lift(target: StopTarget): Promise<void>;
  list(request?: PageRequest): Promise<Page<Stop>>;
}

const grant: Reader<Grant> = object<Grant>({
  grantId: string,
  principal: string,
  role: string,
  agent: optional(string),
  skill: optional(string),
  grantedBy: string,
  createdAt: string,
});
const stop: Reader<Stop> = object<Stop>({
  kind: string,
  name: optional(string),
  reason: string,
  stoppedBy: string,
  stoppedAt: string,
});

/** The part of the admin client that is about who may do what, at its path below a tenant. */
export function permissionAdmin(
  call: AdminCall,
  base: string,
): { readonly grants: GrantAdmin; readonly stops: StopAdmin } {
  const placeOf = (target: StopTarget): string =>
    target.kind === 'tenant' ? `${base}/stop` : `${base}/${target.kind}s/${encodeURIComponent(target.name)}/stop`;
  return {
    grants: {
      add: (assignment) => call({ ...making(`${base}/grants`, assignment), read: grant }),
      list: (request = {}) => call({ ...listing(`${base}/grants`, request), read: page(grant) }),
      remove: (grantId) =>
        call({ ...removing(`${base}/grants/${encodeURIComponent(grantId)}`), read: () => undefined }),
    },
    stops: {
      set: (target, reason) => call({ ...setting(placeOf(target), { reason }), read: stop }),
      lift: (target) => call({ ...removing(placeOf(target)), read: () => undefined }),
      list: (request = {}) => call({ ...listing(`${base}/stops`, request), read: page(stop) }),
    },
  };
}
