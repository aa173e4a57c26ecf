import { queueDelayMs, taskPriorityDefault } from '../tasks/index.ts';
import type { TaskDispatch, TaskRow } from '../tasks/index.ts';
import type { Route } from '../routing/index.ts';
import { hasSlots } from './has-slots.ts';
import type { SendOptions } from './send.ts';
import type { RunDispatch } from './task-run.ts';

/** How a send to this agent waits for its turn; nothing of it for an agent that works on everything at once, when it is done or failed once. */
export function dispatchOf(
  route: Pick<Route, 'slotsMax' | 'instances' | 'tier'>,
  { priority, deadlineAtMs, isRetried }: SendOptions,
): { readonly dispatch?: TaskDispatch } {
  if (!hasSlots(route) && isRetried !== true && deadlineAtMs === undefined) return {};
  const delayMs = queueDelayMs(route.tier, priority ?? taskPriorityDefault);
  return { dispatch: { delayMs, deadlineAtMs: deadlineAtMs ?? null } };
}

/** What the run of a task that is on record has of the queue of its agent. */
export function dispatchOfRow({
  isDispatched,
  tries,
  deadlineAtMs,
}: Pick<TaskRow, 'isDispatched' | 'tries' | 'deadlineAtMs'>): { readonly dispatch?: RunDispatch } {
  return isDispatched ? { dispatch: { tries: tries ?? 1, deadlineAtMs } } : {};
}
