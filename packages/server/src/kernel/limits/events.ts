/** The bounds of events to sinks. */
export const eventLimits = {
  /** Event sinks of one tenant. A further one is refused. */
  eventSinksPerTenantMax: 16,
  /** Patterns of event types of one sink. More are refused as invalid. */
  eventSinkTypesMax: 16,
  /** A longer pattern is refused as invalid. */
  eventTypeCharsMax: 128,
  /** Events of one tenant in the outbox. Above it the oldest are dropped, delivered or not; each sink counts what it missed. */
  eventsPerTenantMax: 100_000,
  /** An event leaves the outbox at this age, delivered or not; each sink counts what it missed. */
  eventKeptMs: 7 * 24 * 60 * 60_000,
  /** A dead-lettered event is deleted at this age. Until then it can be replayed. */
  eventDeadLetterKeptMs: 30 * 24 * 60 * 60_000,
  /** Attempts of one event at one sink, which take about an hour with the delays of push notifications. Then it is dead-lettered. */
  eventAttemptsMax: 12,
  /** Events that are read from the outbox at once to be delivered to one sink, */
  eventPageMax: 50,
  /** among this many that may be for other sinks. */
  eventScanMax: 500,
  /** Sinks that one process delivers to at once. Further ones wait. */
  eventSinksInFlightMax: 16,
  /** The share of one tenant in these deliveries. */
  eventSinksInFlightPerTenantMax: 4,
  /** Sinks with due events that one poll reads. The next poll reads the rest. */
  eventSinksPerPollMax: 200,
} as const;
