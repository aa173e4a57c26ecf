import { holdsAt } from '../../kernel/access-rights.ts';
import type { AccessPlace } from '../../kernel/access-rights.ts';
import { isOperator } from '../../kernel/caller.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { reachOf } from './grant.ts';
import type { Grant } from './grant.ts';
import type { GrantStore } from './grant-store.ts';
import { assertAgentExists, assertPrincipal } from './named-subjects.ts';
import type { SubjectPorts } from './named-subjects.ts';
import { isRole, roleTable } from './role.ts';
import type { Role } from './role.ts';

export interface AssignRolePorts extends SubjectPorts {
  readonly grants: GrantStore;
  readonly ids: IdSource;
}

export interface AssignRoleInput {
  readonly principalId: string;
  readonly role: string;
  /** Null: the whole tenant. */
  readonly agentName: string | null;
  /** Null: the whole agent. */
  readonly skillId: string | null;
}

/**
 * Grants a role to a principal of the caller's tenant. From its first role on, a principal may do only what its roles allow. A caller
 * grants only scopes that it holds itself at that place. Throws `request.invalid`, `access.scope-missing`, `registry.agent-unknown`,
 * `access.client-unknown` and `access.grant-limit`.
 */
export function assignRole(ports: AssignRolePorts) {
  return async (caller: Caller, input: AssignRoleInput): Promise<Grant> => {
    const role = roleOf(input);
    refuseEscalation(caller, role, input);
    const { principalId, agentName, skillId } = input;
    if (agentName !== null) await assertAgentExists(ports, caller, agentName);
    const client = await assertPrincipal(ports, caller, principalId);
    if (client?.kind === 'operator') throw limitless();
    const grantId = ports.ids.next('grt');
    const held = { role, agentName, skillId };
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'grant.created',
      outcome: 'succeeded',
      resource: `grants/${grantId}`,
      facts: factsOf({ ...held, principalId }),
    });
    const draft = { grantId, principalId, ...held, grantedBy: caller.principal.id, tenantId: caller.tenant.id };
    const grant = await ports.grants.create(draft, entry);
    if (grant === null) throw new PlatformError('access.grant-limit');
    return grant;
  };
}

/** The facts of a grant in an audit entry. */
export function factsOf(grant: Pick<Grant, 'principalId' | 'role' | 'agentName' | 'skillId'>): Record<string, string> {
  const { principalId, role, agentName, skillId } = grant;
  return {
    principal: principalId,
    role,
    ...(agentName === null ? {} : { agent: agentName }),
    ...(skillId === null ? {} : { skill: skillId }),
  };
}

/** Whether the caller may grant and remove roles at a place. */
export function mayAssignAt(caller: Caller, place: AccessPlace): boolean {
  return isOperator(caller) || holdsAt(caller.access, 'grants:write', place);
}

function roleOf(input: AssignRoleInput): Role {
  const { role, agentName, skillId } = input;
  const reach = reachOf(input);
  const isMisplaced = agentName === null && skillId !== null;
  if (isRole(role) && !isMisplaced && roleTable[role].reaches.includes(reach)) return role;
  const description = isRole(role) ? `can not be granted for ${aReach[reach]}` : 'is not a role';
  const violation = isMisplaced
    ? { field: 'skill', description: 'needs the agent that has it' }
    : { field: 'role', description };
  throw new PlatformError('request.invalid', { violations: [violation] });
}

const aReach = { tenant: 'a whole tenant', agent: 'an agent', skill: 'a skill' } as const;

function refuseEscalation(caller: Caller, role: Role, { agentName, skillId }: AssignRoleInput): void {
  if (isOperator(caller)) return;
  const place = { ...(agentName === null ? {} : { agentName }), skillId };
  if (!mayAssignAt(caller, place)) {
    throw agentName === null ? lacking(['grants:write']) : new PlatformError('registry.agent-unknown');
  }
  const missing = roleTable[role].scopes.filter(
    (scope) => !caller.scopes.has(scope) || !holdsAt(caller.access, scope, place),
  );
  if (missing.length > 0) throw lacking(missing);
}

/** A role could lock an operator out of its own platform. */
function limitless(): PlatformError {
  const description = 'is an operator, which roles do not limit';
  return new PlatformError('request.invalid', { violations: [{ field: 'principal', description }] });
}

function lacking(scopes: readonly string[]): PlatformError {
  return new PlatformError('access.scope-missing', {
    message: 'A role can be granted only by a caller that holds all of its scopes at that place.',
    details: { scope: scopes.join(' '), cause: 'escalation' },
  });
}
