import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

export const instanceOperations = {
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
} as const satisfies Record<string, OperationPolicy>;

export const instanceAuditActions = [
  'instance.registered',
  'instance.changed',
  'instance.drained',
  'instance.quarantined',
  'instance.admitted',
  'instance.removed',
  'probe.changed',
] as const;
