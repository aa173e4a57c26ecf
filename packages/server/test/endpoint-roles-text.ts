import { optionalOperations, taskOperations } from '@colloquy/protocol';
import { everything } from '../src/kernel/access-rights.ts';
import { authorize, policyOf, roles, roleTable } from '../src/modules/access/index.ts';
import type { Operation, Role } from '../src/modules/access/index.ts';
import { rightsOf } from '../src/modules/access/rights-of.ts';
import type { AccessSubject } from '../src/modules/access/authorize.ts';
import { permissionFor } from '../src/surfaces/a2a/index.ts';
import { adminEndpoints, workEndpoints } from '../src/surfaces/admin/index.ts';

const tenantSlug = 'acme';
const agentName = 'worker';
const skillId = 'translate';

/** A route of the public server as the framework knows it. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
  /** `surface operation`; empty for a route without a name. */
  readonly name: string;
}

/** Where each role has to be held to be let in: nothing is left out, and nothing is decided here. */
export function endpointRolesText(served: readonly ServedRoute[]): string {
  const columns = roles.map((role) => role.padEnd(columnWidth)).join('');
  const head = (title: string): string =>
    `\n${title.padEnd(lineWidth)}${'scope'.padEnd(scopeWidth)}${columns}`.trimEnd();
  return [
    legend,
    head('Admin API, below /api/v1'),
    ...[...adminEndpoints, ...workEndpoints].map(({ method, path, operation }) =>
      lineOf(`${method} ${path}`, operation, path.includes('{agent}')),
    ),
    head('A2A, in every version and binding'),
    ...[...taskOperations, ...optionalOperations].map((name) => lineOf(name, permissionFor(name), true)),
    '\nEvery other route. Those of A2A lead to its operations above; of the rest nothing is decided by roles.',
    ...served
      .filter(({ name }) => !name.startsWith('admin ') || name === 'admin openapi')
      .map(({ method, path, name }) => `${`${method} ${path}`.padEnd(lineWidth)}${name}`)
      .toSorted(),
    '',
  ].join('\n');
}

const lineWidth = 82;
const scopeWidth = 18;
const columnWidth = 14;
const legend = `Who may call what: for each endpoint, where a role has to be held.

tenant   the role has to be held on the whole tenant
agent    held on the agent that is asked about it is enough
skill    held for one skill of that agent is enough; to send, for the skill that the message names
own      held anywhere is enough: only what it reaches is shown or taken
yes      operators, who hold no roles; over A2A in their own tenant
-        never`;

function lineOf(shown: string, operation: Operation, isAboutAgent: boolean): string {
  const policy = policyOf(operation);
  if (policy === undefined) throw new Error(`${shown} has no policy: it does not say which callers may.`);
  const cells = roles.map((role) => cellOf(role, operation, isAboutAgent).padEnd(columnWidth)).join('');
  return `${shown.padEnd(lineWidth)}${policy.scope.padEnd(scopeWidth)}${cells}`.trimEnd();
}

function cellOf(role: Role, operation: Operation, isAboutAgent: boolean): string {
  const resource = isAboutAgent ? { tenantSlug, agentName, skillId } : { tenantSlug };
  const scopes = new Set(roleTable[role].scopes);
  if (role === 'operator') {
    const operator: AccessSubject = { ...subject('operator', scopes), access: everything };
    return isLetIn(operator, operation, resource) ? 'yes' : '-';
  }
  // The narrowest place at which holding the role is enough; only those where it can be given.
  const { reaches } = roleTable[role];
  const places = [
    { reach: 'skill', held: { role, agentName, skillId } },
    { reach: 'agent', held: { role, agentName, skillId: null } },
    { reach: 'tenant', held: { role, agentName: null, skillId: null } },
  ] as const;
  const enough = places.find(
    ({ reach, held }) =>
      reaches.includes(reach) &&
      isLetIn({ ...subject('oauth-client', scopes), access: rightsOf([[held]]) }, operation, resource),
  );
  if (enough === undefined) return '-';
  const { place } = policyOf(operation) ?? {};
  return place === 'anywhere' || place === 'task' ? 'own' : enough.reach;
}

function subject(kind: 'operator' | 'oauth-client', scopes: ReadonlySet<string>): Omit<AccessSubject, 'access'> {
  return { principal: { kind, id: 'cli_caller' }, scopes, boundTo: null, tenant: { slug: tenantSlug } };
}

function isLetIn(caller: AccessSubject, operation: Operation, resource: Parameters<typeof authorize>[2]): boolean {
  try {
    authorize(caller, operation, resource);
    return true;
  } catch {
    return false;
  }
}
