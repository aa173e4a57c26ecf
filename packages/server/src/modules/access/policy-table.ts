import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { Scope } from './scope.ts';

interface Policy {
  readonly scope: Scope;
  /** `operator`: a tenant's client is refused whatever its scopes are. */
  readonly actor: 'anyone' | 'operator';
  /** The error for a caller of another tenant: the same as for a resource that does not exist. */
  readonly missing: ErrorCode;
  /**
   * Where the scope must hold. `tenant`: in the whole tenant. `agent`: at the agent it is about, be it for one skill. `skill`: for the
   * skill that the message names. `task`: at the agent of the task, which the request does not name: the use case looks it up and judges
   * rights and resource there. `anywhere`: wherever, because the use case itself shows and takes only what the caller's rights reach.
   */
  readonly place: 'tenant' | 'agent' | 'skill' | 'task' | 'anywhere';
}

const ofAgent = (scope: Scope): Policy => ({
  scope,
  actor: 'anyone',
  missing: 'registry.agent-unknown',
  place: 'agent',
});
const ofTenant = (scope: Scope, place: Policy['place'] = 'tenant'): Policy => ({
  scope,
  actor: 'anyone',
  missing: 'tenancy.tenant-unknown',
  place,
});
const ofPlatform: Policy = {
  scope: 'platform:operate',
  actor: 'operator',
  missing: 'tenancy.tenant-unknown',
  place: 'tenant',
};

/** Who may ask for what. Every endpoint names one of these operations. */
const policyTable = {
  'task.send': { ...ofAgent('a2a:send'), place: 'skill' },
  'task.get': ofAgent('a2a:read'),
  'task.list': ofAgent('a2a:read'),
  'task.cancel': ofAgent('a2a:cancel'),
  'task.subscribe': ofAgent('a2a:read'),
  'call.send': { ...ofAgent('a2a:send'), place: 'skill' },
  'call.read': { ...ofAgent('a2a:read'), place: 'task' },
  'call.follow': { ...ofAgent('a2a:read'), place: 'task' },
  'dead-letter.list': ofTenant('tasks:inspect'),
  'dead-letter.replay': ofTenant('deliveries:write'),
  'push.create': ofAgent('a2a:send'),
  'push.get': ofAgent('a2a:read'),
  'push.list': ofAgent('a2a:read'),
  'push.delete': ofAgent('a2a:send'),
  'card.read': ofAgent('a2a:read'),
  'agent.register': ofTenant('agents:write'),
  'agent.list': ofTenant('a2a:read', 'anywhere'),
  'agent.get': ofTenant('a2a:read', 'agent'),
  'agent.deregister': ofTenant('agents:write', 'agent'),
  'agent.stop': ofTenant('stops:write', 'agent'),
  'agent.resume': ofTenant('stops:write', 'agent'),
  'instance.register': ofTenant('agents:write', 'agent'),
  // For an instance itself; only for instances that the same principal registered.
  'instance.serve': ofTenant('agents:serve', 'agent'),
  // They show the agent's own addresses.
  'instance.list': ofTenant('agents:write', 'agent'),
  'instance.change': ofTenant('agents:write', 'agent'),
  'instance.quarantine': ofTenant('agents:approve', 'agent'),
  'agent.health': ofTenant('a2a:read', 'agent'),
  'probe.read': ofTenant('agents:write', 'agent'),
  'probe.change': ofTenant('agents:write', 'agent'),
  'card.update': ofTenant('agents:write', 'agent'),
  'card.list-versions': ofTenant('a2a:read', 'agent'),
  // It shows the agent's own address.
  'card.read-original': ofTenant('agents:write', 'agent'),
  'card.decide': ofTenant('agents:approve', 'agent'),
  'card-key.add': ofTenant('agents:approve'),
  'card-key.list': ofTenant('a2a:read'),
  'card-key.revoke': ofTenant('agents:approve'),
  'card-policy.read': ofTenant('a2a:read'),
  'card-policy.change': ofTenant('agents:approve'),
  // They show the agent's own address.
  'certificate.list': ofTenant('agents:write'),
  'certificate.check': ofTenant('agents:write'),
  'agent.pin': ofTenant('agents:approve'),
  'routing.read': ofTenant('a2a:read', 'agent'),
  'routing.change': ofTenant('agents:write', 'agent'),
  'resilience.list': ofTenant('a2a:read'),
  // It leads callers of one agent to others.
  'resilience.change': ofTenant('agents:write'),
  'listener-certificate.list': ofPlatform,
  'credits.read': ofTenant('credits:read'),
  'credits.grant': ofPlatform,
  'audit.read': ofTenant('audit:read'),
  'audit.erase': ofTenant('audit:erase'),
  'audit.prune': ofTenant('audit:erase'),
  'task.inspect': ofTenant('tasks:inspect', 'anywhere'),
  'delivery.list': ofTenant('deliveries:read'),
  'delivery.replay': ofTenant('deliveries:write'),
  'delivery.read-secret': ofTenant('deliveries:write'),
  'delivery.rotate-secret': ofTenant('deliveries:write'),
  'secret.read-keys': ofPlatform,
  'secret.rotate': ofPlatform,
  'egress.list': ofPlatform,
  'egress.allow': ofPlatform,
  'egress.remove': ofPlatform,
  'tenant.create': ofPlatform,
  'tenant.list': ofPlatform,
  'tenant.stop': ofPlatform,
  'tenant.resume': ofPlatform,
  'client.create': ofTenant('clients:write'),
  'client.list': ofTenant('clients:write'),
  'client.revoke': ofTenant('clients:write'),
  'person.create': ofTenant('clients:write'),
  'person.list': ofTenant('clients:write'),
  'person.link': ofTenant('clients:write'),
  'person.disable': ofTenant('clients:write'),
  'client.sign-in': ofTenant('clients:write'),
  'key.list': ofPlatform,
  'key.rotate': ofPlatform,
  'key.drop': ofPlatform,
  'client-secret.add': ofTenant('clients:write'),
  'client-secret.list': ofTenant('clients:write'),
  'client-secret.revoke': ofTenant('clients:write'),
  'client-authority.add': ofTenant('clients:write'),
  'client-authority.list': ofTenant('clients:write'),
  'client-authority.remove': ofTenant('clients:write'),
  'delegation.read': ofTenant('a2a:read'),
  'delegation.change': ofTenant('limits:write'),
  'sla.read': ofTenant('a2a:read'),
  'sla.change': ofTenant('limits:write'),
  'limit.list': ofTenant('a2a:read'),
  'limit.change': ofTenant('limits:write'),
  // Only an operator sets the limits of a tenant.
  'tenant-limit.change': ofPlatform,
  'result-terms.list': ofTenant('a2a:read'),
  // They set the price of calls, and which callers may see results of other callers.
  'result-terms.change': ofTenant('agents:approve', 'agent'),
  'result.purge': ofTenant('agents:write', 'agent'),
  'api-key.create': ofTenant('clients:write'),
  'api-key.list': ofTenant('clients:write'),
  'api-key.revoke': ofTenant('clients:write'),
  'issuer.register': ofTenant('clients:write'),
  'issuer.list': ofTenant('clients:write'),
  'issuer.change': ofTenant('clients:write'),
  'issuer.remove': ofTenant('clients:write'),
  'principal.stop': ofTenant('stops:write'),
  'principal.resume': ofTenant('stops:write'),
  'stop.list': ofTenant('stops:write', 'anywhere'),
  'grant.create': ofTenant('grants:write', 'anywhere'),
  'grant.list': ofTenant('grants:write', 'anywhere'),
  'grant.remove': ofTenant('grants:write', 'anywhere'),
} as const satisfies Record<string, Policy>;

/** Everything that can be asked of the platform. */
export type Operation = keyof typeof policyTable;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are the keys of the table
export const operations = Object.keys(policyTable) as readonly Operation[];

/** The policy of an operation; undefined when it has none, which refuses it. */
export function policyOf(operation: string): Policy | undefined {
  return Object.hasOwn(policyTable, operation)
    ? (policyTable as Readonly<Record<string, Policy>>)[operation]
    : undefined;
}

export type { Policy };
