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
  /** A stop was found that was not known here: what is kept of its tenant is old. */
  readonly onFound: (tenantId: TenantId) => void;
}

/**
 * Drains what is stopped: tasks under work get the wish to cancel, which whoever holds their lease obeys; tasks that wait for their callers
 * are canceled here. A send may be recorded in the moment of the stop, so a new stop is looked at for a while; older ones now and then.
 */
export class SuspensionWatch {
  readonly #ports: SuspensionWatchPorts;
  /** The stops that were found by the last look at all of them, and by those since. */
  #known = new Set<string>();
  #checkedAllAtMs: number | null = null;
  #checking: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(ports: SuspensionWatchPorts) {
    this.#ports = ports;
  }

  /** One look; asked for during one, another follows. Rejects when the database is away; the next look does the rest. */
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

  /** Null, for all of them, at the first look and then as often as the house is kept. */
  #youngerThanMs(): number | null {
    const nowMs = this.#ports.clock.monotonicMs();
    const isDue = this.#checkedAllAtMs === null || nowMs - this.#checkedAllAtMs >= limits.housekeepingMs;
    if (isDue) this.#checkedAllAtMs = nowMs;
    return isDue ? null : limits.suspensionWatchedMs;
  }

  #find(stop: SuspensionInForce): void {
    const key = keyOf(stop);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#ports.onFound(stop.tenantId);
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
    // It went on, and is found under work by the next look, or has ended.
    if (row === null || !(row.isQueued || isInterrupted(row.state))) return;
    await cancelIdleTask(this.#ports, row).catch(this.#ports.report);
  }
}

/** Of the stop, not of what is stopped: that may be lifted and stopped again between two looks. */
function keyOf({ tenantId, kind, name, stoppedAtMs }: SuspensionInForce): string {
  return `${tenantId} ${kind} ${name} ${stoppedAtMs}`;
}
