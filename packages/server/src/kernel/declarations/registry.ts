import { entry, never, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofAgent, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of agents, their cards, endpoints and instances. */
export const registryErrors = {
  'registry.agent-unknown': entry('not-found', 'caller', never, 'There is no such agent.'),
  'registry.agent-exists': entry(
    'conflict',
    'caller',
    never,
    'An agent with this name is registered already; deregister it first.',
  ),
  'registry.card-invalid': entry('invalid', 'agent', never, 'The agent card is not valid; see the listed fields.'),
  'registry.card-unreachable': entry(
    'unprocessable',
    'agent',
    never,
    'No agent card could be read from its address; check the address and that the agent serves its card.',
  ),
  'registry.card-signature-invalid': entry(
    'invalid',
    'agent',
    never,
    'The signature of the card does not match the card; sign it again as it is published.',
  ),
  'registry.card-signature-required': entry(
    'invalid',
    'tenant-admin',
    never,
    'The tenant accepts only cards signed with a key it trusts; trust the key or change the card policy.',
  ),
  'registry.card-version-unknown': entry('not-found', 'caller', never, 'The agent has no card version of this number.'),
  'registry.card-version-settled': entry(
    'conflict',
    'caller',
    never,
    'This card version was approved or rejected already.',
  ),
  'registry.card-version-unused': entry(
    'precondition',
    'caller',
    never,
    'This card version was never in use; only a version that was in use can be restored.',
  ),
  'registry.card-changed': entry(
    'conflict',
    'caller',
    same,
    'Another request changed the card at the same moment; read it and try again.',
  ),
  'registry.credential-bound': entry(
    'conflict',
    'tenant-admin',
    never,
    'The new card leads to another origin, and a credential is sent only to its own; register the agent again with a credential.',
  ),
  'registry.endpoint-plain': entry(
    'precondition',
    'agent',
    never,
    'The agent is called without TLS, so its endpoint shows no certificate.',
  ),
  'registry.endpoint-unreachable': entry(
    'unprocessable',
    'agent',
    never,
    'The endpoint could not be reached over TLS; check that the agent is running and its address is right.',
  ),
  'registry.instance-unknown': entry('not-found', 'caller', never, 'The agent has no such instance.'),
  'registry.instance-exists': entry('conflict', 'caller', never, 'The agent has an instance at this address already.'),
  'registry.instance-quarantined': entry(
    'precondition',
    'tenant-admin',
    never,
    'The instance is in quarantine; a person who may approve agents has to release it.',
  ),
  'registry.instances-too-many': entry(
    'precondition',
    'tenant-admin',
    never,
    'The agent already has the largest number of instances; remove one first.',
  ),
  'registry.interface-unsupported': entry(
    'invalid',
    'agent',
    never,
    'The card offers no interface this platform can call; it needs A2A 1.0, 0.3 or 0.1 over one of their bindings.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const registryOperations = {
  'card.read': ofAgent('a2a:read'),
  'agent.register': ofTenant('agents:write'),
  'agent.list': ofTenant('a2a:read', 'anywhere'),
  'agent.get': ofTenant('a2a:read', 'agent'),
  'agent.deregister': ofTenant('agents:write', 'agent'),
  'card.update': ofTenant('agents:write', 'agent'),
  'card.list-versions': ofTenant('a2a:read', 'agent'),
  // It shows the agent's own address.
  'card.read-original': ofTenant('agents:write', 'agent'),
  'card.decide': ofTenant('agents:approve', 'agent'),
  // They show the agent's own address.
  'certificate.list': ofTenant('agents:write'),
  'certificate.check': ofTenant('agents:write'),
  'agent.pin': ofTenant('agents:approve'),
} as const satisfies Record<string, OperationPolicy>;

export const registryAuditActions = [
  'agent.registered',
  'agent.deregistered',
  'agent.keys-pinned',
  'card.rolled-back',
  'card.published',
  'card.proposed',
  'card.approved',
  'card.rejected',
] as const;
