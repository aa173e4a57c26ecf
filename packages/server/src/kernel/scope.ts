/** Every OAuth scope of the platform (RFC 6749 section 3.3). May be added to, never renamed. */
export const scopes = [
  'a2a:send',
  'a2a:read',
  'a2a:cancel',
  'acp:run',
  'acp:read',
  'acp:cancel',
  'agents:write',
  'agents:approve',
  'agents:serve',
  'credits:read',
  'audit:read',
  'audit:erase',
  'tasks:inspect',
  'deliveries:read',
  'deliveries:write',
  'clients:write',
  'limits:write',
  'grants:write',
  'stops:write',
  'platform:operate',
] as const;

export type Scope = (typeof scopes)[number];

/** The scopes that a tenant's client can hold; `platform:operate` belongs to operators. */
export const tenantScopes: readonly Scope[] = scopes.filter((scope) => scope !== 'platform:operate');

/** Whether a text for people lists this scope: those of ACP can be given, but ACP is not served yet. */
export function isServedScope(scope: string): boolean {
  return !scope.startsWith('acp:');
}
