import { digest128 } from '../../kernel/digest.ts';
import { idOf } from '../../kernel/ids.ts';
import type { DeliveryId, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { TaskEventKind } from '../tasks/index.ts';

/** The state of a notification. `dead`: dead-lettered, and kept for a replay. */
export type DeliveryState = 'retrying' | 'delivered' | 'dead' | 'replaying';

/**
 * Why an attempt failed. Tenants see one `no-answer` for refused, timed out, unresolved and failed TLS connections, so that a tenant
 * cannot map a network with subscriptions.
 */
export type DeliveryFault =
  'http-status' | 'no-answer' | 'address-refused' | 'gone' | 'challenge-failed' | 'unreadable';

/** One notification: one event for one subscription, with the result of its attempts. */
export interface Delivery {
  readonly deliveryId: DeliveryId;
  readonly taskId: TaskId;
  readonly subscriptionId: string;
  readonly configId: string;
  readonly url: string;
  readonly seq: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastReason: DeliveryFault | null;
  readonly firstAttemptAt: Date;
  readonly lastAttemptAt: Date;
  /** Which secret of its subscription signs now: 0 before the first rotation. */
  readonly secretGeneration: number;
}

/** The id of the notification of one event for one subscription, the same for every attempt and on every node. */
export function deliveryIdOf(subscriptionId: string, seq: number): DeliveryId {
  return idOf('dlv', digest128(`delivery ${subscriptionId} ${seq}`));
}

/** A subscription that a node has claimed. */
export interface DeliveryClaim {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly subscriptionId: string;
  readonly origin: string;
  readonly nodeId: NodeId;
  /** Fencing id of writes: every claim has its own. A uuid. */
  readonly leaseId: string;
}

/** An event that is due for delivery. */
export interface DueEvent {
  readonly seq: number;
  readonly kind: TaskEventKind;
  /** An A2A 1.0 StreamResponse; null for a message of the user, which is never delivered. */
  readonly json: string | null;
  /** Attempts before this one. */
  readonly attempts: number;
  /** It was delivered or dead-lettered before, and a replay was requested. */
  readonly isReplay: boolean;
}

/** The due events of a claimed subscription, and its receiver. */
export interface DueWork {
  readonly configId: string;
  readonly url: string;
  readonly protocolVersion: string;
  readonly tokenSealed: Uint8Array | null;
  readonly credentialsScheme: string | null;
  readonly credentialsSealed: Uint8Array | null;
  readonly isVerified: boolean;
  readonly isFailing: boolean;
  /** Generations of the signing secrets, the newest first: two during a rotation. */
  readonly secretGenerations: readonly number[];
  /** Replays first, then the log in order. */
  readonly events: readonly DueEvent[];
}

/** The result of one attempt, as it is written. */
export interface DeliveryRecord {
  readonly event: Pick<DueEvent, 'seq' | 'isReplay'>;
  readonly deliveryId: DeliveryId;
  readonly state: Exclude<DeliveryState, 'replaying'>;
  readonly attempts: number;
  readonly status: number | null;
  readonly reason: DeliveryFault | null;
  /** The last event that needs no further delivery, events that are never delivered included. Null: unchanged. */
  readonly sentSeq: number | null;
  /** The receiver answered that it is gone: nothing more is delivered. */
  readonly endsSubscription: boolean;
  /** The receiver answered the challenge in this attempt. */
  readonly isVerified: boolean;
  /** What follows: the next event under the same claim, or the release of the claim until `delayMs` has passed. */
  readonly next: { readonly kind: 'go-on' } | { readonly kind: 'release'; readonly delayMs: number };
}
