import { isInterrupted } from '@colloquy/protocol';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { SuspensionInForce, SuspendedTarget, SuspendedWorkStore, TaskStore } from '../../tasks/index.ts';
import { cancelIdleTask } from '../run/fail-idle-task.ts';
import type { FailPorts } from '../run/fail-idle-task.ts';
import type { TaskRuns } from '../run/task-runs.ts';

export interface SuspensionWatchPorts extends FailPorts {
  readonly stopped: SuspendedWorkStore;
  readonly store: Pick<TaskStore, 'findForWork' | 'write'>;
  readonly runs: Pick<TaskRuns, 'cancel'>;
  readonly report: (error: unknown) => void;
  /** A suspension was found that was new to this process: cached state of its tenant is outdated. */
  readonly onFound: (tenantId: TenantId) => void;
}

/**
 * Drains suspended agents, clients and tenants: running tasks get a cancel request, which the holder of their lease carries out, and waiting tasks
 * are canceled here. A send may be recorded at the moment of the suspension, so a new suspension is checked often for a while, and older ones
 * now and then.
 */
export class SuspensionWatch {
  readonly #ports: SuspensionWatchPorts;
  /** The suspensions found by the last full check, and by the checks since. */
  #known = new Set<string>();
  #checkedAllAtMs: number | null = null;
  #checking: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(ports: SuspensionWatchPorts) {
    this.#ports = ports;
  }

  /** One check; when called during a check, another one follows. Rejects while the database is unavailable; the next check does the rest. */
  check(): Promise<void> {
    if (this.#checking !== null) this.#isAskedAgain = true;
    this.#checking ??= this.#checkUntilQuiet().finally(() => (this.#checking = null));
    return this.#checking;
  }

  async #checkUntilQuiet(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      const youngerThanMs = this.#youngerThanMs();
      const targets = await this.#ports.stopped.listSuspensions(youngerThanMs);
      if (youngerThanMs === null) this.#forgetAllBut(targets);
      for (const target of targets) this.#find(target);
      for (const target of targets) await this.#drain(target);
    } while (this.#isAskedAgain);
  }

  /** Null, for a full check, at the first check and then with every housekeeping. */
  #youngerThanMs(): number | null {
    const nowMs = this.#ports.clock.monotonicMs();
    const isDue = this.#checkedAllAtMs === null || nowMs - this.#checkedAllAtMs >= limits.housekeepingMs;
    if (isDue) this.#checkedAllAtMs = nowMs;
    return isDue ? null : limits.suspensionWatchedMs;
  }

  #find(suspension: SuspensionInForce): void {
    const key = keyOf(suspension);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#ports.onFound(suspension.tenantId);
  }

  #forgetAllBut(targets: readonly SuspensionInForce[]): void {
    this.#known = new Set(targets.map(keyOf).filter((key) => this.#known.has(key)));
  }

  async #drain(target: SuspendedTarget): Promise<void> {
    const { stopped, runs, announce } = this.#ports;
    const { asked, waiting } = await stopped.drain(target, limits.suspendedTasksMax);
    for (const taskId of asked) if (!runs.cancel(taskId)) announce(taskId);
    await Promise.all(waiting.map((taskId) => this.#cancelWaiting(target.tenantId, taskId)));
  }

  async #cancelWaiting(tenantId: TenantId, taskId: TaskId): Promise<void> {
    const row = await this.#ports.store.findForWork(tenantId, taskId);
    // It went on, and the next check finds it running; or it has ended.
    if (row === null || !(row.isQueued || isInterrupted(row.state))) return;
    await cancelIdleTask(this.#ports, row).catch(this.#ports.report);
  }
}

/** The key of the suspension, not of its target: a target may be resumed and suspended again between two checks. */
function keyOf({ tenantId, kind, name, stoppedAtMs }: SuspensionInForce): string {
  return `${tenantId} ${kind} ${name} ${stoppedAtMs}`;
}
