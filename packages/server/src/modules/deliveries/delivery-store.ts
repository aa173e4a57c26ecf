import type { DeliveryId, NodeId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { Delivery, DeliveryClaim, DeliveryRecord, DeliveryState, DueWork } from './delivery.ts';

/** How many subscriptions a node may claim now, and which origins and tenants have their maximum in flight. */
export interface ClaimRequest {
  /** Subscriptions to claim; at least 1. */
  readonly limit: number;
  readonly busyOrigins: readonly string[];
  readonly busyTenants: readonly TenantId[];
}

/** The delivery worker's view of deliveries. A node whose claim was taken over writes nothing. */
export interface DeliveryQueue {
  /** Claims subscriptions that have due events and that no live node holds. None for a node that is not alive. */
  claim(nodeId: NodeId, request: ClaimRequest): Promise<readonly DeliveryClaim[]>;
  /** The due events of a claim; null when the claim is lost or its subscription was deleted. */
  load(claim: DeliveryClaim): Promise<DueWork | null>;
  /** Writes the result of an attempt and renews the claim; false when the claim is lost. May be repeated after an unknown outcome. */
  record(claim: DeliveryClaim, record: DeliveryRecord): Promise<boolean>;
  /**
   * Releases a claim. `sentSeq`: the last event that needs no further delivery, events that are never delivered included; null: unchanged. It is claimed again after
   * `delayMs` at the soonest; absent: at once.
   */
  release(claim: DeliveryClaim, sentSeq: number | null, delayMs?: number): Promise<void>;
}

/** Filter for a tenant's deliveries, oldest task first; null matches any. */
export interface DeliveryQuery {
  readonly state: DeliveryState | null;
  readonly taskId: string | null;
  /** Strictly after this delivery. */
  readonly after: { readonly taskId: string; readonly subscriptionId: string; readonly seq: number } | null;
  readonly limit: number;
}

/** The outcome of a request to replay a delivery. */
export type ReplayOutcome = 'queued' | 'pending' | 'unknown';

/** The tenant administrators' view of deliveries. */
export interface DeliveryJournal {
  list(tenantId: TenantId, query: DeliveryQuery): Promise<readonly Delivery[]>;
  find(tenantId: TenantId, deliveryId: DeliveryId): Promise<Delivery | null>;
  /** Queues a finished delivery again, with its audit entry. */
  replay(tenantId: TenantId, deliveryId: DeliveryId, entry: NewAuditEntry): Promise<ReplayOutcome>;
  /** Makes the next secret sign for the delivery's subscription, with the audit entry; null when there is no such delivery. */
  rotateSecret(
    tenantId: TenantId,
    request: { readonly deliveryId: DeliveryId; readonly overlapMs: number },
    entry: NewAuditEntry,
  ): Promise<{ readonly subscriptionId: string; readonly generation: number; readonly formerUntil: Date } | null>;
}
