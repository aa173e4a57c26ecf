import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { Scope } from './scope.ts';

/** Everything that can be asked of the platform. Every endpoint names one of these. */
export const operations = [
  'task.send',
  'task.get',
  'task.list',
  'task.cancel',
  'task.subscribe',
  'push.create',
  'push.get',
  'push.list',
  'push.delete',
  'card.read',
  'agent.register',
  'agent.list',
  'agent.get',
  'agent.deregister',
  'agent.stop',
  'agent.resume',
  'card.update',
  'card.list-versions',
  'card.read-original',
  'card.decide',
  'card-key.add',
  'card-key.list',
  'card-key.revoke',
  'card-policy.read',
  'card-policy.change',
  'certificate.list',
  'certificate.check',
  'agent.pin',
  'routing.read',
  'routing.change',
  'listener-certificate.list',
  'credits.read',
  'credits.grant',
  'audit.read',
  'audit.erase',
  'task.inspect',
  'delivery.list',
  'delivery.replay',
  'delivery.read-secret',
  'delivery.rotate-secret',
  'secret.read-keys',
  'secret.rotate',
  'egress.list',
  'egress.allow',
  'egress.remove',
  'tenant.create',
  'tenant.list',
  'tenant.stop',
  'tenant.resume',
  'client.create',
  'client.list',
  'client.revoke',
  'person.create',
  'person.list',
  'person.link',
  'person.disable',
  'client.sign-in',
  'key.list',
  'key.rotate',
  'key.drop',
  'client-secret.add',
  'client-secret.list',
  'client-secret.revoke',
  'client-authority.add',
  'client-authority.list',
  'client-authority.remove',
  'limit.list',
  'limit.change',
  'tenant-limit.change',
  'api-key.create',
  'api-key.list',
  'api-key.revoke',
  'issuer.register',
  'issuer.list',
  'issuer.change',
  'issuer.remove',
  'principal.stop',
  'principal.resume',
  'stop.list',
  'grant.create',
  'grant.list',
  'grant.remove',
] as const;

export type Operation = (typeof operations)[number];

interface Policy {
  readonly scope: Scope;
  /** `operator`: a tenant's client is refused whatever its scopes are. */
  readonly actor: 'anyone' | 'operator';
  /** What a caller of another tenant is told: the same as for a resource that does not exist. */
  readonly missing: ErrorCode;
  /**
   * Where the scope must hold. `tenant`: in the whole tenant. `agent`: at the agent it is about, be it for one skill. `skill`: for the
   * skill that the message names. `anywhere`: wherever, because the use case itself shows and takes only what the caller's rights reach.
   */
  readonly place: 'tenant' | 'agent' | 'skill' | 'anywhere';
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

const policyTable: Readonly<Record<Operation, Policy>> = {
  'task.send': { ...ofAgent('a2a:send'), place: 'skill' },
  'task.get': ofAgent('a2a:read'),
  'task.list': ofAgent('a2a:read'),
  'task.cancel': ofAgent('a2a:cancel'),
  'task.subscribe': ofAgent('a2a:read'),
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
  'listener-certificate.list': ofPlatform,
  'credits.read': ofTenant('credits:read'),
  'credits.grant': ofPlatform,
  'audit.read': ofTenant('audit:read'),
  'audit.erase': ofTenant('audit:erase'),
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
  'limit.list': ofTenant('a2a:read'),
  'limit.change': ofTenant('limits:write'),
  // What a tenant may have is for whoever runs the platform to say.
  'tenant-limit.change': ofPlatform,
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
};

/** The policy of an operation; undefined when it has none, which refuses it. */
export function policyOf(operation: string): Policy | undefined {
  return Object.hasOwn(policyTable, operation)
    ? (policyTable as Readonly<Record<string, Policy>>)[operation]
    : undefined;
}

export type { Policy };
