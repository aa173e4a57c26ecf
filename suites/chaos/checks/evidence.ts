import type { FaultKind } from '../schedule.ts';

/**
 * What a run left behind, in the database, at the agents and with the clients. Everything that the checks read, and nothing else.
 * Times are milliseconds since 1970 by the one machine of the run.
 */
export interface Evidence {
  readonly agents: readonly AgentRow[];
  readonly tasks: readonly TaskRow[];
  readonly events: readonly EventRow[];
  readonly wallets: readonly WalletRow[];
  readonly ledger: readonly LedgerRow[];
  readonly audit: readonly AuditRow[];
  readonly effects: readonly Effect[];
  readonly operations: readonly OperationRecord[];
  readonly kills: readonly Kill[];
  readonly work: readonly WorkNote[];
  readonly slots: readonly SlotRow[];
  readonly frozen: readonly FrozenTask[];
}

export interface AgentRow {
  readonly agentId: string;
  readonly name: string;
  readonly priceMicrocredits: bigint;
  readonly idempotent: boolean;
}

export interface TaskRow {
  readonly tenantId: string;
  /** As on the wire: `tsk_…`. */
  readonly taskId: string;
  readonly agentId: string;
  readonly state: string;
  readonly lastSeq: number;
  readonly nodeId: string | null;
  readonly attempt: number;
  readonly errorCode: string | null;
}

export interface EventRow {
  readonly taskId: string;
  readonly seq: number;
  readonly kind: string;
  /** A2A 1.0 StreamResponse as JSON text. */
  readonly payload: string;
  /** When its transaction began. */
  readonly occurredAtMs: number;
}

export interface WalletRow {
  readonly tenantId: string;
  readonly granted: bigint;
  readonly available: bigint;
  readonly reserved: bigint;
  readonly used: bigint;
  readonly expired: bigint;
  readonly overage: bigint;
}

export interface LedgerRow {
  readonly tenantId: string;
  /** The id of the task, the grant or the transfer. */
  readonly reservationId: string;
  readonly kind: string;
  readonly amount: bigint;
}

export interface AuditRow {
  readonly tenantId: string;
  readonly action: string;
  readonly resource: string;
}

/** One time that an agent did the work a message asks for. */
export interface Effect {
  readonly agent: string;
  readonly messageId: string;
}

/** An agent with slots began or ended the work of a message. In the order in which it happened. */
export interface WorkNote {
  readonly agent: string;
  readonly messageId: string;
  readonly type: 'began' | 'ended';
  /** How many it had at work after that, by its own count. */
  readonly atWork: number;
  readonly atMs: number;
}

/** What the platform counts for an agent with slots. */
export interface SlotRow {
  readonly agentId: string;
  readonly slotsMax: number | null;
  readonly inUse: number;
  readonly queued: number;
}

/** One event as a stream showed it. */
export interface SeenEvent {
  readonly seq: number;
  /** The StreamResponse as JSON text. */
  readonly json: string;
  readonly atMs: number;
}

/** One connection of a stream. */
export interface StreamLeg {
  /** `send`: from the log's beginning. `resume`: after a Last-Event-ID. `watch`: a snapshot first, then what follows it. */
  readonly kind: 'send' | 'resume' | 'watch';
  /** The Last-Event-ID that was sent. */
  readonly after: number | null;
  /** When the platform answered with a stream; null when it did not. */
  readonly openedAtMs: number | null;
  /** When the connection was over, by either end; null when the client never noted that. */
  readonly endedAtMs: number | null;
  readonly events: readonly SeenEvent[];
}

/** One operation of a client, from its beginning to its last answer, over as many attempts as it took. */
export interface OperationRecord {
  /** Also the messageId, unless it follows another's task. */
  readonly operation: string;
  /** The message whose task it follows. */
  readonly follows?: string;
  readonly agent: string;
  readonly kind: 'send' | 'poll' | 'stream' | 'watch';
  /** Task ids in answers, in the order of the answers. */
  readonly acknowledged: readonly string[];
  /** Attempts whose outcome the client does not know. */
  readonly unknownAttempts: number;
  /** How it ended; null when it never did. */
  readonly outcome:
    { readonly kind: 'ok'; readonly state: string } | { readonly kind: 'fail'; readonly reason: string } | null;
  readonly legs: readonly StreamLeg[];
}

/** One fault that the run brought about. */
export interface Kill {
  readonly kind: FaultKind;
  /** Tasks that the stopped process worked on. */
  readonly tasksInFlight: number;
  readonly atMs: number;
  /** Until none of these tasks was left with a process that was gone; null when it was not observed, or there were none. */
  readonly takenAfterMs: number | null;
}

/** A task that a stopped process held, and what had become of it when the process went on. */
export interface FrozenTask {
  readonly taskId: string;
  /** The attempt under which the stopped process held it. */
  readonly attempt: number;
  readonly atThaw: Pick<TaskRow, 'state' | 'lastSeq' | 'nodeId' | 'attempt'>;
}

/** Something that must not be. */
export interface Violation {
  readonly invariant: string;
  /** The task, tenant, operation or kill it was found at. */
  readonly subject: string;
  readonly detail: string;
}

/** A named promise and how to find breaches of it. */
export interface Invariant {
  readonly name: string;
  /** What was promised, in words. */
  readonly promise: string;
  /** How many things there are to check; a check of nothing proves nothing. */
  readonly population: (evidence: Evidence) => number;
  readonly breaches: (evidence: Evidence) => readonly Omit<Violation, 'invariant'>[];
}
