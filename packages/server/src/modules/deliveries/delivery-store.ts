import type { DeliveryId, NodeId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { Delivery, DeliveryClaim, DeliveryRecord, DeliveryState, DueWork } from './delivery.ts';

/** How much may be claimed now, and what is busy enough. */
export interface ClaimWish {
  /** Subscriptions wanted; at least 1. */
  readonly limit: number;
  readonly busyOrigins: readonly string[];
  readonly busyTenants: readonly TenantId[];
}

/** Deliveries as those see them who make them. Nothing is written by a claim that another has followed. */
export interface DeliveryQueue {
  /** Takes subscriptions that have something to tell and that nobody alive holds. None for a node that is not alive. */
  claim(nodeId: NodeId, wish: ClaimWish): Promise<readonly DeliveryClaim[]>;
  /** What is due under a claim; null when the claim is lost or its subscription is gone. */
  load(claim: DeliveryClaim): Promise<DueWork | null>;
  /** Writes what a try came to and renews the claim; false when the claim is lost. May be repeated after an unknown outcome. */
  record(claim: DeliveryClaim, record: DeliveryRecord): Promise<boolean>;
  /** Gives a claim back. `sentSeq`: how far the log is told with what is told to nobody; null when that does not change. */
  release(claim: DeliveryClaim, sentSeq: number | null): Promise<void>;
}

/** Which deliveries of a tenant are wanted, oldest task first; null means any. */
export interface DeliveryQuery {
  readonly state: DeliveryState | null;
  readonly taskId: string | null;
  /** Strictly after this delivery. */
  readonly after: { readonly taskId: string; readonly subscriptionId: string; readonly seq: number } | null;
  readonly limit: number;
}

/** What became of a wish to repeat a delivery. */
export type ReplayOutcome = 'queued' | 'pending' | 'unknown';

/** Deliveries as the administrators of their tenant see them. */
export interface DeliveryJournal {
  list(tenantId: TenantId, query: DeliveryQuery): Promise<readonly Delivery[]>;
  find(tenantId: TenantId, deliveryId: DeliveryId): Promise<Delivery | null>;
  /** Queues a settled delivery anew, with its audit entry. */
  replay(tenantId: TenantId, deliveryId: DeliveryId, entry: NewAuditEntry): Promise<ReplayOutcome>;
  /** The next secret signs for the delivery's subscription, with the audit entry; null when there is no such delivery. */
  rotateSecret(
    tenantId: TenantId,
    wish: { readonly deliveryId: DeliveryId; readonly overlapMs: number },
    entry: NewAuditEntry,
  ): Promise<{ readonly subscriptionId: string; readonly generation: number; readonly formerUntil: Date } | null>;
}
