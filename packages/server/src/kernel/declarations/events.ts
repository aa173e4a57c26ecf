import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of events to sinks. */
export const eventErrors = {
  'events.sink-unknown': entry('not-found', 'caller', never, 'The tenant has no event sink with this name.'),
  'events.sink-limit': entry(
    'precondition',
    'caller',
    never,
    'The tenant already has the largest number of event sinks; remove one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const eventOperations = {
  'event-sink.list': ofTenant('deliveries:read'),
  'event-sink.change': ofTenant('deliveries:write'),
  'event-sink.test': ofTenant('deliveries:write'),
  'event-sink.replay': ofTenant('deliveries:write'),
  'event-sink.read-secret': ofTenant('deliveries:write'),
  'event-sink.rotate-secret': ofTenant('deliveries:write'),
} as const satisfies Record<string, OperationPolicy>;

export const eventAuditActions = [
  'event-sink.set',
  'event-sink.unset',
  'event-sink.tested',
  'event-sink.replayed',
  'event-sink.secret-rotated',
] as const;
