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
  'client.create',
  'client.list',
  'client.revoke',
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
] as const;

export type Operation = (typeof operations)[number];

interface Policy {
  readonly scope: Scope;
  /** `operator`: a tenant's client is refused whatever its scopes are. */
  readonly actor: 'anyone' | 'operator';
  /** What a caller of another tenant is told: the same as for a resource that does not exist. */
  readonly missing: ErrorCode;
}

const ofAgent = (scope: Scope): Policy => ({ scope, actor: 'anyone', missing: 'registry.agent-unknown' });
const ofTenant = (scope: Scope): Policy => ({ scope, actor: 'anyone', missing: 'tenancy.tenant-unknown' });
const ofPlatform: Policy = { scope: 'platform:operate', actor: 'operator', missing: 'tenancy.tenant-unknown' };

const policyTable: Readonly<Record<Operation, Policy>> = {
  'task.send': ofAgent('a2a:send'),
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
  'agent.list': ofTenant('a2a:read'),
  'agent.get': ofTenant('a2a:read'),
  'agent.deregister': ofTenant('agents:write'),
  'card.update': ofTenant('agents:write'),
  'card.list-versions': ofTenant('a2a:read'),
  // It shows the agent's own address.
  'card.read-original': ofTenant('agents:write'),
  'card.decide': ofTenant('agents:approve'),
  'card-key.add': ofTenant('agents:approve'),
  'card-key.list': ofTenant('a2a:read'),
  'card-key.revoke': ofTenant('agents:approve'),
  'card-policy.read': ofTenant('a2a:read'),
  'card-policy.change': ofTenant('agents:approve'),
  // They show the agent's own address.
  'certificate.list': ofTenant('agents:write'),
  'certificate.check': ofTenant('agents:write'),
  'agent.pin': ofTenant('agents:approve'),
  'listener-certificate.list': ofPlatform,
  'credits.read': ofTenant('credits:read'),
  'credits.grant': ofPlatform,
  'audit.read': ofTenant('audit:read'),
  'audit.erase': ofTenant('audit:erase'),
  'task.inspect': ofTenant('tasks:inspect'),
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
  'client.create': ofTenant('clients:write'),
  'client.list': ofTenant('clients:write'),
  'client.revoke': ofTenant('clients:write'),
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
};

/** The policy of an operation; undefined when it has none, which refuses it. */
export function policyOf(operation: string): Policy | undefined {
  return Object.hasOwn(policyTable, operation)
    ? (policyTable as Readonly<Record<string, Policy>>)[operation]
    : undefined;
}
