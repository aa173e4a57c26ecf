import { holdsAt } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { TaskInspection, TaskInspector } from './task-inspection.ts';

export interface InspectTaskInput {
  readonly taskId: string;
  /** Events of the log after this sequence; at most `limits.logPageEventsMax` of them. */
  readonly afterSeq: number;
}

/** A task of the caller's tenant at an agent that its rights reach, whoever sent it; throws `task.unknown`. */
export function inspectTask(ports: { readonly inspector: TaskInspector }) {
  return async (caller: Caller, { taskId, afterSeq }: InspectTaskInput): Promise<TaskInspection> => {
    if (!isId('tsk', taskId)) throw new PlatformError('task.unknown');
    const range = { afterSeq, limit: limits.logPageEventsMax };
    const task = await ports.inspector.inspect(caller.tenant.id, taskId, range);
    if (task === null || !holdsAt(caller.access, 'tasks:inspect', { agentName: task.agentName }))
      throw new PlatformError('task.unknown');
    return task;
  };
}
