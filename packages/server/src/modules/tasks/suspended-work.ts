import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** A suspended target in any tenant: an agent by its name, a principal by its id, or the tenant (with an empty name). */
export interface SuspendedTarget {
  readonly tenantId: TenantId;
  readonly kind: 'tenant' | 'agent' | 'principal';
  readonly name: string;
}

/** A suspension in force. */
export interface SuspensionInForce extends SuspendedTarget {
  /** By the database's clock: a target that is suspended again has another. */
  readonly stoppedAtMs: number;
}

/** The work of a suspended target. */
export interface SuspendedWork {
  /** Running tasks that have a cancel request now; the holder of their lease carries it out. */
  readonly asked: readonly TaskId[];
  /** Tasks that wait for their callers or for a slot, which no node works on. */
  readonly waiting: readonly TaskId[];
}

/** Finds the work of suspended targets. Rejects with `platform.unavailable` while the database is unavailable. */
export interface SuspendedWorkStore {
  /** Suspensions in force of every tenant that are younger than `youngerThanMs` by the database's clock; all of them for null. */
  listSuspensions(youngerThanMs: number | null): Promise<readonly SuspensionInForce[]>;
  /**
   * Writes a cancel request on every running task of the target that has none, and voids the claims on its push
   * subscriptions, so that at most one notification of each is still on its way. Of waiting tasks at most `waitingMax` are answered.
   */
  drain(target: SuspendedTarget, waitingMax: number): Promise<SuspendedWork>;
}
