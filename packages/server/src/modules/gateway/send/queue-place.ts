import { queueDelayMs, taskPriorityDefault } from '../../tasks/index.ts';
import type { NewTask, TaskDispatch, TaskRow } from '../../tasks/index.ts';
import type { Route } from '../../routing/index.ts';
import { hasSlots } from './has-slots.ts';
import type { SendOptions } from './send.ts';
import type { RunDispatch } from '../run/task-run.ts';

/** How a send to this agent waits for its turn; nothing of it for an agent that works on everything at once, when it is done or failed once. */
export function dispatchOf(
  route: Pick<Route, 'slotsMax' | 'instances' | 'tier'>,
  { priority, deadlineAtMs, isRetried }: SendOptions,
): { readonly dispatch?: TaskDispatch } {
  if (!hasSlots(route) && isRetried !== true && deadlineAtMs === undefined) return {};
  const delayMs = queueDelayMs(route.tier, priority ?? taskPriorityDefault);
  return { dispatch: { delayMs, deadlineAtMs: deadlineAtMs ?? null } };
}

/**
 * The place of a send: what is there already, and what its agent is not even asked for, waits for no slot. It is in the queue of its agent
 * only if its work comes back to that agent.
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

/** What the run of a task that has just been recorded has of the queue of its agent. */
export function runDispatchOf({ dispatch, needsNoSlot }: Pick<NewTask, 'dispatch' | 'needsNoSlot'>): {
  readonly dispatch?: RunDispatch;
} {
  if (dispatch === undefined) return {};
  return { dispatch: { attempts: 1, deadlineAtMs: dispatch.deadlineAtMs, holdsSlots: needsNoSlot !== true } };
}

/** What the run of a task that is on record has of the queue of its agent. */
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
