export { createEventWorker } from './deliver-to-sink.ts';
export type { EventDeliveryPorts, EventWorkerOptions } from './deliver-to-sink.ts';
export type {
  DueEvents,
  DueStoredEvent,
  EventDeadLetter,
  EventOutcome,
  EventRecord,
  EventSink,
  EventSinkClaim,
  EventSinkInput,
  EventSinkSecrets,
  StoredEvent,
} from './event-sink.ts';
export type { EventQueue, EventSinkStore, EventSinkTarget, RotatedSinkSecret } from './event-sink-store.ts';
export {
  getEventSink,
  listEventDeadLetters,
  listEventSinks,
  replayEvents,
  rotateEventSinkSecret,
  setEventSink,
  showEventSinkSecret,
  unsetEventSink,
} from './event-sinks.ts';
export { testEventSink } from './test-event-sink.ts';
export type { EventSinkTest, EventSinkTestPorts } from './test-event-sink.ts';
