import { queueDelayMs, taskPriorityDefault } from '../../tasks/index.ts';
import type { NewTask, TaskDispatch, TaskRow } from '../../tasks/index.ts';
import type { Route } from '../../routing/index.ts';
import type { RunDispatch } from '../run/task-run.ts';
import { hasSlots } from './route-rules.ts';
import type { SendOptions } from './send.ts';

/** How a message to this agent may wait in its queue. Empty for an agent without a concurrency limit, unless the task is retried or has a deadline. */
export function dispatchOf(
  route: Pick<Route, 'slotsMax' | 'instances' | 'tier'>,
  { priority, deadlineAtMs, isRetried }: SendOptions,
): { readonly dispatch?: TaskDispatch } {
  if (!hasSlots(route) && isRetried !== true && deadlineAtMs === undefined) return {};
  const delayMs = queueDelayMs(route.tier, priority ?? taskPriorityDefault);
  return { dispatch: { delayMs, deadlineAtMs: deadlineAtMs ?? null } };
}

/**
 * How a new task may wait. A cache hit, and a send whose agent is not even asked, need no slot. Such a task enters the agent's queue only
 * when its work comes back to that agent.
 */
export function placeOfSend(
  route: Pick<Route, 'slotsMax' | 'instances' | 'tier'>,
  options: SendOptions,
  { isHit, isRefused }: { readonly isHit: boolean; readonly isRefused: boolean },
): Pick<NewTask, 'dispatch' | 'needsNoSlot'> {
  const isSlotted = hasSlots(route);
  if (isHit && !isSlotted) return {};
  const needsNoSlot = isSlotted && (isHit || isRefused);
  return { ...dispatchOf(route, options), ...(needsNoSlot ? { needsNoSlot } : {}) };
}

/** What the run of a task that was just recorded knows of its queue. */
export function runDispatchOf({ dispatch, needsNoSlot }: Pick<NewTask, 'dispatch' | 'needsNoSlot'>): {
  readonly dispatch?: RunDispatch;
} {
  if (dispatch === undefined) return {};
  return { dispatch: { attempts: 1, deadlineAtMs: dispatch.deadlineAtMs, holdsSlots: needsNoSlot !== true } };
}

/** What the run of a task that is on record knows of its queue. */
export function dispatchOfRow({
  isDispatched,
  holdsSlots,
  agentAttempts,
  deadlineAtMs,
}: Pick<TaskRow, 'isDispatched' | 'holdsSlots' | 'agentAttempts' | 'deadlineAtMs'>): {
  readonly dispatch?: RunDispatch;
} {
  return isDispatched ? { dispatch: { attempts: agentAttempts ?? 1, deadlineAtMs, holdsSlots } } : {};
}
