import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** What is stopped, in whichever tenant: an agent by its name, a principal by its id, or the tenant (with an empty name). */
export interface SuspendedTarget {
  readonly tenantId: TenantId;
  readonly kind: 'tenant' | 'agent' | 'principal';
  readonly name: string;
}

/** A stop in force. */
export interface SuspensionInForce extends SuspendedTarget {
  /** By the database's clock: a target that is stopped again has another. */
  readonly stoppedAtMs: number;
}

/** What was found of a stopped target. */
export interface SuspendedWork {
  /** Tasks under work that are to be canceled from now on; whoever holds their lease does it. */
  readonly asked: readonly TaskId[];
  /** Tasks that wait for their callers, which nobody works on. */
  readonly waiting: readonly TaskId[];
}

/** Finds what stopped targets have under work. Rejects with `platform.unavailable` when the database is away. */
export interface SuspendedWorkStore {
  /** Stops in force of every tenant that are younger than `youngerThanMs` by the database's clock; all of them for null. */
  listSuspensions(youngerThanMs: number | null): Promise<readonly SuspensionInForce[]>;
  /**
   * Writes the wish to cancel at every task of the target that is under work and has none, and voids the claims on its push
   * subscriptions, so that at most one notification of each is still on its way. Of waiting tasks at most `waitingMax` are answered.
   */
  drain(target: SuspendedTarget, waitingMax: number): Promise<SuspendedWork>;
}
