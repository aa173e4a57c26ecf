import type { EventId, NodeId, TenantId } from '../../kernel/ids.ts';
import type { DeliveryFault } from '../deliveries/index.ts';

/** A receiver of events that a tenant names. */
export interface EventSink {
  readonly name: string;
  readonly url: string;
  /** Event types that it receives; `*` stands for any characters. */
  readonly types: readonly string[];
  readonly createdAt: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
  /** Events of the tenant that the sink has not passed yet, those of other types included. */
  readonly backlog: bigint;
  /** Failed attempts of the next event. */
  readonly attempts: number;
  readonly deadLetters: number;
  /** Events that left the outbox before this sink got them. */
  readonly missed: bigint;
  readonly lastStatus: number | null;
  readonly lastReason: DeliveryFault | null;
  readonly lastAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  /** The receiver answered 410: nothing is sent until the sink is set again. */
  readonly goneAt: Date | null;
}

/** The part of a sink that its tenant sets. */
export interface EventSinkInput {
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
}

/** What the secrets of a sink are derived from. */
export interface EventSinkSecrets {
  /** 32 hex digits. */
  readonly sinkId: string;
  /** Generations of the signing secrets, the newest first: two during a rotation. */
  readonly secretGenerations: readonly number[];
}

/** An event as it is delivered. */
export interface StoredEvent {
  readonly seq: bigint;
  readonly eventId: EventId;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  /** A JSON object. */
  readonly dataJson: string;
}

/** An event that failed all attempts at one sink. */
export interface EventDeadLetter extends Omit<StoredEvent, 'dataJson'> {
  readonly data: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastReason: DeliveryFault;
  readonly deadAt: Date;
  readonly isReplaying: boolean;
}

/** A sink that a node has claimed. */
export interface EventSinkClaim {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly origin: string;
  readonly nodeId: NodeId;
  /** Fencing id of writes: every claim has its own. A uuid. */
  readonly leaseId: string;
}

export interface DueStoredEvent extends StoredEvent {
  /** Attempts before this one. */
  readonly attempts: number;
  /** It was dead-lettered, and a replay was requested. */
  readonly isReplay: boolean;
}

/** The due events of a claimed sink, and its receiver. */
export interface DueEvents extends EventSinkSecrets {
  readonly tenantSlug: string;
  readonly url: string;
  /** Replays first, then the outbox in order. */
  readonly events: readonly DueStoredEvent[];
  /** The sink has passed this event when all of `events` are settled: the rest up to it is of other types. */
  readonly scannedSeq: bigint;
  /** Events that were dropped from the outbox since the last time. */
  readonly missed: bigint;
}

/** The result of one attempt. `gone`: the receiver answered that it is gone; the event stays due. */
export type EventOutcome = 'delivered' | 'retrying' | 'dead' | 'gone';

/** The result of one attempt, as it is written. */
export interface EventRecord {
  readonly event: DueStoredEvent;
  readonly outcome: EventOutcome;
  readonly attempts: number;
  readonly status: number | null;
  readonly reason: DeliveryFault | null;
  /** The last event that the sink has passed now. Null: unchanged. */
  readonly sentSeq: bigint | null;
  /** What follows: the next event under the same claim, or the release of the claim until `delayMs` has passed. */
  readonly next: { readonly kind: 'go-on' } | { readonly kind: 'release'; readonly delayMs: number };
}
