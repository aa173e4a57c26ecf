import { scopes, tenantScopes } from '../../kernel/scope.ts';
import type { Scope } from '../../kernel/scope.ts';

/** Named sets of scopes. May be added to, never renamed. */
export const roles = ['operator', 'tenant-admin', 'developer', 'auditor', 'caller', 'agent', 'host'] as const;

export type Role = (typeof roles)[number];

/** How far a role may reach: the whole tenant, one agent, or one skill of an agent. */
export type Reach = 'tenant' | 'agent' | 'skill';

interface RoleEntry {
  readonly scopes: readonly Scope[];
  /** Where it can be granted. `operator` cannot: operators are created in the platform's process. */
  readonly reaches: readonly Reach[];
}

const talking: readonly Scope[] = ['a2a:send', 'a2a:read', 'a2a:cancel', 'acp:run', 'acp:read', 'acp:cancel'];

/** The scopes of each role. */
export const roleTable: Readonly<Record<Role, RoleEntry>> = {
  operator: { scopes, reaches: [] },
  'tenant-admin': { scopes: tenantScopes, reaches: ['tenant', 'agent'] },
  // Builds agents and inspects their tasks; cannot approve changes or grant roles.
  developer: {
    scopes: [
      ...talking,
      'agents:write',
      'agents:serve',
      'credits:read',
      'tasks:inspect',
      'deliveries:read',
      'deliveries:write',
    ],
    reaches: ['tenant', 'agent'],
  },
  // Reads everything, and changes nothing.
  auditor: {
    scopes: ['a2a:read', 'acp:read', 'credits:read', 'audit:read', 'tasks:inspect', 'deliveries:read'],
    reaches: ['tenant', 'agent'],
  },
  // Sends, and sees what that costs.
  caller: { scopes: [...talking, 'credits:read'], reaches: ['tenant', 'agent', 'skill'] },
  // An agent that calls other agents for its own callers: it does not see the tenant's credits.
  agent: { scopes: talking, reaches: ['tenant', 'agent', 'skill'] },
  // Runs instances of an agent, and sees their health.
  host: { scopes: ['agents:serve', 'a2a:read'], reaches: ['tenant', 'agent'] },
};

export function isRole(value: string): value is Role {
  return (roles as readonly string[]).includes(value);
}
