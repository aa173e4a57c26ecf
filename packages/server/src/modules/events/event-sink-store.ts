import type { NodeId, TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ClaimRequest } from '../deliveries/index.ts';
import type {
  DueEvents,
  EventDeadLetter,
  EventRecord,
  EventSink,
  EventSinkClaim,
  EventSinkInput,
  EventSinkSecrets,
} from './event-sink.ts';

/** The sinks of tenants, as their administrators see them. Every method rejects with `platform.unavailable` while the database is away. */
export interface EventSinkStore {
  /** All of the tenant in the order of their names. */
  list(tenantId: TenantId): Promise<readonly EventSink[]>;
  find(tenantId: TenantId, name: string): Promise<EventSink | null>;
  /**
   * Replaces URL and types, with the entry; its place in the outbox stays, and the next event is due at once. A new sink gets the events from now
   * on. Null, and nothing is written, when the tenant has its maximum.
   */
  set(sink: EventSinkInput & { readonly origin: string }, entry: NewAuditEntry): Promise<EventSink | null>;
  /** Removes it with its dead letters. Whether there was one; only then the entry is written. */
  unset(name: string, entry: NewAuditEntry): Promise<boolean>;
  /** URL and secrets; null for an unknown sink. */
  findTarget(tenantId: TenantId, name: string): Promise<EventSinkTarget | null>;
  /** Makes the next secret sign, with the entry; null for an unknown sink. */
  rotateSecret(name: string, overlapMs: number, entry: NewAuditEntry): Promise<RotatedSinkSecret | null>;
  /** In the order of the outbox. */
  listDeadLetters(tenantId: TenantId, name: string, page: PageRequest): Promise<Page<EventDeadLetter>>;
  /** Queues all dead letters of the sink again, with the entry. How many; null for an unknown sink. */
  replay(name: string, entry: NewAuditEntry): Promise<number | null>;
}

/** Where the events of a sink are posted, and what they are signed with. */
export interface EventSinkTarget extends EventSinkSecrets {
  readonly tenantSlug: string;
  readonly url: string;
}

/** The newest generation of a sink's signing secret. The one before it is valid until `formerUntil`. */
export interface RotatedSinkSecret {
  readonly sinkId: string;
  readonly generation: number;
  readonly formerUntil: Date;
}

/** The worker's view of sinks. A node whose claim was taken over writes nothing. */
export interface EventQueue {
  /** Claims sinks that have due events and that no live node holds. None for a node that is not alive. */
  claim(nodeId: NodeId, request: ClaimRequest): Promise<readonly EventSinkClaim[]>;
  /** The due events of a claim; null when the claim is lost or its sink was removed. */
  load(claim: EventSinkClaim): Promise<DueEvents | null>;
  /** Writes the result of an attempt and renews the claim; false when the claim is lost. May be repeated after an unknown outcome. */
  record(claim: EventSinkClaim, record: EventRecord): Promise<boolean>;
  /** Releases a claim. `sentSeq`: the last event that the sink has passed; null: unchanged. */
  release(claim: EventSinkClaim, sentSeq: bigint | null): Promise<void>;
}
