import type { InstanceId, TenantId } from '../../kernel/ids.ts';

/** Whose failing it is: the instance's, or that of a credential which its tenant gave for it. */
export type BreakerCause = 'fault' | 'credential';

/** How a call failed for which the instance or its credential is to blame. */
export interface Fault {
  readonly cause: BreakerCause;
  /** For how many milliseconds the instance asked to be left alone; 0: it did not ask. */
  readonly askedMs: number;
}

/** An instance as its tenant registered it. */
export interface BreakerSubject {
  readonly tenantId: TenantId;
  readonly instanceId: InstanceId;
}

/** A breaker as all processes share it. */
export interface BreakerStatus extends BreakerSubject {
  readonly cause: BreakerCause;
  /** Faults in a row, of all processes. */
  readonly failures: number;
  /** Milliseconds until a probe may be let through, 0 or less when one may now; null while it is closed. */
  readonly openForMs: number | null;
}

/** Faults of one instance that a process saw, in a row. */
export interface FaultNote extends BreakerSubject, Fault {
  readonly failures: number;
  /** The probe failed: the breaker opens again, for longer. */
  readonly isProbe: boolean;
}

/**
 * Breakers as all processes share them; times are the database's. A breaker opens with the `limits.breakerFaultsMax`th fault in a row
 * within `limits.breakerFaultsWithinMs`, for `limits.breakerOpenMs` times the openings without a long peace between them, or for as long as the instance asked for if
 * that is more; never for more than `limits.breakerOpenMsMax`.
 * Rejects with `platform.unavailable` when the database is away.
 */
export interface BreakerStore {
  /** Counts faults; the breaker after it, or null when the instance is gone. */
  noteFaults(note: FaultNote): Promise<BreakerStatus | null>;
  /** The instance answered: faults in a row begin anew, and the answer to a probe closes the breaker. */
  noteAnswer(subject: BreakerSubject, isProbe: boolean): Promise<void>;
  /** Whether the caller may let one probe through, within `limits.breakerProbeMs`; one of all processes may. */
  claimProbe(subject: BreakerSubject): Promise<boolean>;
  /** Every breaker that is not as if it had never been, of every tenant. */
  list(): Promise<readonly BreakerStatus[]>;
}
