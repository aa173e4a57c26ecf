import type { InstanceId, TenantId } from '../../kernel/ids.ts';

/** The cause of a fault: the instance, or the credential that the tenant configured for it. */
export type BreakerCause = 'fault' | 'credential';

/** A failed call by a fault of the instance or of its credential. */
export interface Fault {
  readonly cause: BreakerCause;
  /** The instance's `Retry-After` in milliseconds; 0: none. */
  readonly askedMs: number;
}

/** An instance and its tenant. */
export interface BreakerSubject {
  readonly tenantId: TenantId;
  readonly instanceId: InstanceId;
}

/** A breaker as all processes share it. */
export interface BreakerStatus extends BreakerSubject {
  readonly cause: BreakerCause;
  /** Consecutive faults, over all processes. */
  readonly failures: number;
  /** Milliseconds until a probe may be let through, 0 or less when one may now; null while it is closed. */
  readonly openForMs: number | null;
}

/** Consecutive faults of one instance that a process saw. */
export interface FaultNote extends BreakerSubject, Fault {
  readonly failures: number;
  /** The probe failed: the breaker opens again, for longer. */
  readonly isProbe: boolean;
}

/**
 * Breakers shared by all processes; times are the database's. A breaker opens at the `limits.breakerFaultsMax`th consecutive fault, when
 * each comes within `limits.breakerFaultsWithinMs` of the one before. It stays open for `limits.breakerOpenMs`, multiplied by its openings
 * since the last quiet time (`limits.breakerPeaceMs`), or for the instance's `Retry-After` if that is longer; at most
 * `limits.breakerOpenMsMax`. Methods reject with `platform.unavailable` when the database is away.
 */
export interface BreakerStore {
  /** Counts faults. Returns the breaker afterwards; null when the instance is gone. */
  noteFaults(note: FaultNote): Promise<BreakerStatus | null>;
  /** The instance answered: resets its consecutive faults. The answer to a probe closes the breaker. */
  noteAnswer(subject: BreakerSubject, isProbe: boolean): Promise<void>;
  /** Claims the probe for this process, for `limits.breakerProbeMs`. Only one process gets it. */
  claimProbe(subject: BreakerSubject): Promise<boolean>;
  /** Every breaker with recent faults, of every tenant. */
  list(): Promise<readonly BreakerStatus[]>;
}
