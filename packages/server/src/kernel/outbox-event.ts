import { digest128 } from './digest.ts';

/** Types of the events that sinks receive (CloudEvents `type`). May be added to, never renamed: a changed meaning is a further version. */
export const eventTypes = [
  'dev.colloquy.credits.budget-threshold.v1',
  'dev.colloquy.credits.burn-rate.v1',
  'dev.colloquy.credits.low.v1',
  'dev.colloquy.credits.drift.v1',
  'dev.colloquy.usage.recorded.v1',
  'dev.colloquy.event-sink.test.v1',
] as const;

export type EventType = (typeof eventTypes)[number];

/** An event as it is appended to the outbox of a tenant, in the transaction of its cause. */
export interface OutboxEvent {
  /** 32 hex digits; see {@link eventUuidOf}. */
  readonly eventId: string;
  readonly type: EventType;
  /** What it is about, as a path in the tenant such as `budgets/marketing`: 1 to 512 characters. */
  readonly subject: string;
  readonly time: Date;
  /** A JSON object of at most 64 KiB. Amounts of micro-credits that may exceed 2^53 are texts. Never a secret or content of a message. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The id of the event of this cause: the same whenever the cause is processed, so that its event is appended once. */
export function eventUuidOf(type: EventType, cause: string): string {
  return digest128(`event ${type} ${cause}`);
}
