import { digest128 } from '../../kernel/digest.ts';
import { idOf } from '../../kernel/ids.ts';
import type { DeliveryId, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { TaskEventKind } from '../tasks/index.ts';

/** What becomes of a notification. `dead`: given up, and kept to be replayed. */
export type DeliveryState = 'retrying' | 'delivered' | 'dead' | 'replaying';

/**
 * Why a try failed. What lies behind `no-answer` (refused, silent, unresolved, no TLS) is not told apart to tenants, so that nobody
 * maps a network with subscriptions.
 */
export type DeliveryFault =
  'http-status' | 'no-answer' | 'address-refused' | 'gone' | 'challenge-failed' | 'unreadable';

/** One notification: one event for one subscription, and what its tries came to. */
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

/** The id of the notification of one event for one subscription, the same at every try and on every node. */
export function deliveryIdOf(subscriptionId: string, seq: number): DeliveryId {
  return idOf('dlv', digest128(`delivery ${subscriptionId} ${seq}`));
}

/** A subscription under the lease of a node. */
export interface DeliveryClaim {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly subscriptionId: string;
  readonly origin: string;
  readonly nodeId: NodeId;
  /** Fences what is written: another claim has another one. A uuid. */
  readonly leaseId: string;
}

/** An event to be told. */
export interface DueEvent {
  readonly seq: number;
  readonly kind: TaskEventKind;
  /** An A2A 1.0 StreamResponse; null for a turn of the user, which is told to nobody. */
  readonly json: string | null;
  /** Tries before this one. */
  readonly attempts: number;
  /** It was settled before, and is told again because somebody asked for it. */
  readonly isReplay: boolean;
}

/** What a claimed subscription has to tell, and to whom. */
export interface DueWork {
  readonly configId: string;
  readonly url: string;
  readonly protocolVersion: string;
  readonly tokenSealed: Uint8Array | null;
  readonly credentialsScheme: string | null;
  readonly credentialsSealed: Uint8Array | null;
  readonly isVerified: boolean;
  readonly isFailing: boolean;
  /** The secrets that sign, the newest first: two while receivers learn a new one. */
  readonly secretGenerations: readonly number[];
  /** Replays first, then the log in order. */
  readonly events: readonly DueEvent[];
}

/** What one try came to, as it is written. */
export interface DeliveryRecord {
  readonly event: Pick<DueEvent, 'seq' | 'isReplay'>;
  readonly deliveryId: DeliveryId;
  readonly state: Exclude<DeliveryState, 'replaying'>;
  readonly attempts: number;
  readonly status: number | null;
  readonly reason: DeliveryFault | null;
  /** How far the log is told now, with what is told to nobody. Null when that does not change. */
  readonly sentSeq: number | null;
  /** The receiver is gone: nothing more is told. */
  readonly endsSubscription: boolean;
  /** The challenge was answered at this try. */
  readonly isVerified: boolean;
  /** What follows the try: the next event under the same claim, nothing, or another try after a while. */
  readonly next: { readonly kind: 'go-on' } | { readonly kind: 'release'; readonly delayMs: number };
}
