import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditAction, NewAuditEntry } from '../audit/index.ts';
import type { WebhookSender } from '../deliveries/index.ts';
import type { UpstreamAddressPolicy } from '../registry/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { EventDeadLetter, EventSink, EventSinkInput } from './event-sink.ts';
import type { EventSinkStore } from './event-sink-store.ts';

interface EventSinkPorts {
  readonly eventSinks: EventSinkStore;
  readonly ids: IdSource;
}

/** Lists the sinks of the caller's tenant. */
export function listEventSinks({ eventSinks }: Pick<EventSinkPorts, 'eventSinks'>) {
  return (caller: Caller): Promise<readonly EventSink[]> => eventSinks.list(caller.tenant.id);
}

/** Throws `events.sink-unknown`. */
export function getEventSink({ eventSinks }: Pick<EventSinkPorts, 'eventSinks'>) {
  return async (caller: Caller, name: string): Promise<EventSink> =>
    orUnknown(await eventSinks.find(caller.tenant.id, name));
}

/** Adds a sink, or gives it another URL and other types. Throws `request.invalid`, `egress.refused` and `events.sink-limit`. */
export function setEventSink(ports: EventSinkPorts & { readonly addresses: UpstreamAddressPolicy }) {
  return async (caller: Caller, input: EventSinkInput): Promise<EventSink> => {
    const problem = slugProblem(input.name);
    if (problem !== null)
      throw new PlatformError('request.invalid', { violations: [{ field: 'sink', description: problem }] });
    await ports.addresses.checkAddress(input.url, caller.tenant.id);
    const { origin } = new URL(input.url);
    const types = [...new Set(input.types)].toSorted();
    const entry = entryBy(ports, caller, input.name, {
      action: 'event-sink.set',
      facts: { origin, types: types.join(' ') },
    });
    const sink = await ports.eventSinks.set({ ...input, types, origin }, entry);
    if (sink === null) throw new PlatformError('events.sink-limit');
    return sink;
  };
}

/** Removes a sink with its dead letters. Throws `events.sink-unknown`. */
export function unsetEventSink(ports: EventSinkPorts) {
  return async (caller: Caller, name: string): Promise<void> => {
    const wasSet = await ports.eventSinks.unset(name, entryBy(ports, caller, name, { action: 'event-sink.unset' }));
    if (!wasSet) throw new PlatformError('events.sink-unknown');
  };
}

/** The secret that the receiver verifies signatures with (Standard Webhooks). Throws `events.sink-unknown`. */
export function showEventSinkSecret(
  ports: Pick<EventSinkPorts, 'eventSinks'> & { readonly signing: Pick<WebhookSender, 'signingSecretOf'> },
) {
  return async (caller: Caller, name: string): Promise<{ readonly signingSecret: string }> => {
    const { sinkId, secretGenerations } = orUnknown(await ports.eventSinks.findTarget(caller.tenant.id, name));
    return { signingSecret: ports.signing.signingSecretOf(sinkId, secretGenerations[0] ?? 0) };
  };
}

/** Gives the receiver a new secret; until the overlap ends both sign. Throws `events.sink-unknown`. */
export function rotateEventSinkSecret(
  ports: EventSinkPorts & { readonly signing: Pick<WebhookSender, 'signingSecretOf'> },
) {
  return async (
    caller: Caller,
    { name, overlapMs }: { readonly name: string; readonly overlapMs: number | null },
  ): Promise<{ readonly signingSecret: string; readonly formerUntil: Date }> => {
    const entry = entryBy(ports, caller, name, { action: 'event-sink.secret-rotated' });
    const rotated = await ports.eventSinks.rotateSecret(name, overlapMs ?? limits.webhookSecretOverlapMs, entry);
    const { sinkId, generation, formerUntil } = orUnknown(rotated);
    return { signingSecret: ports.signing.signingSecretOf(sinkId, generation), formerUntil };
  };
}

/** Lists the events that a sink could not be given. Throws `events.sink-unknown`. */
export function listEventDeadLetters({ eventSinks }: Pick<EventSinkPorts, 'eventSinks'>) {
  return async (caller: Caller, name: string, page: PageRequest): Promise<Page<EventDeadLetter>> => {
    orUnknown(await eventSinks.find(caller.tenant.id, name));
    return eventSinks.listDeadLetters(caller.tenant.id, name, page);
  };
}

/** Sends the dead letters of a sink again, each once. Resolves with their number. Throws `events.sink-unknown`. */
export function replayEvents(ports: EventSinkPorts) {
  return async (caller: Caller, name: string): Promise<number> =>
    orUnknown(await ports.eventSinks.replay(name, entryBy(ports, caller, name, { action: 'event-sink.replayed' })));
}

export function orUnknown<Found>(found: Found | null): Found {
  if (found === null) throw new PlatformError('events.sink-unknown');
  return found;
}

export function entryBy(
  { ids }: Pick<EventSinkPorts, 'ids'>,
  caller: Caller,
  name: string,
  { action, facts = {} }: { readonly action: AuditAction; readonly facts?: NewAuditEntry['facts'] },
): NewAuditEntry {
  return auditEntryBy(caller, ids, { action, outcome: 'succeeded', resource: `event-sinks/${name}`, facts });
}
