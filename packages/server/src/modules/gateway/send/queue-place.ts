import { queueDelayMs, taskPriorityDefault } from '../../tasks/index.ts';
import type { NewTask, TaskQueueing, TaskRow } from '../../tasks/index.ts';
import type { Route } from '../../routing/index.ts';
import type { RunQueueing } from '../run/task-run.ts';
import { hasSlots } from './route-rules.ts';
import type { SendOptions } from './send.ts';

/** The queue delay and the deadline of a message. Empty for an agent without a concurrency limit, unless the task is retried or has a deadline. */
export function queueingOf(
  route: Pick<Route, 'slotsMax' | 'instances' | 'tier'>,
  { priority, deadlineAtMs, isRetried }: SendOptions,
): { readonly queueing?: TaskQueueing } {
  if (!hasSlots(route) && isRetried !== true && deadlineAtMs === undefined) return {};
  const delayMs = queueDelayMs(route.tier, priority ?? taskPriorityDefault);
  return { queueing: { delayMs, deadlineAtMs: deadlineAtMs ?? null } };
}

/**
 * How a new task may wait. A cache hit, and a send whose agent is not even asked, need no slot. Such a task enters the agent's queue only
 * when its work comes back to that agent.
 */
export function placeOfSend(
  route: Pick<Route, 'slotsMax' | 'instances' | 'tier'>,
  options: SendOptions,
  { isHit, isRefused }: { readonly isHit: boolean; readonly isRefused: boolean },
): Pick<NewTask, 'queueing' | 'needsNoSlot'> {
  const isSlotted = hasSlots(route);
  if (isHit && !isSlotted) return {};
  const needsNoSlot = isSlotted && (isHit || isRefused);
  return { ...queueingOf(route, options), ...(needsNoSlot ? { needsNoSlot } : {}) };
}

/** The queueing of the run of a task that was just recorded. */
export function runQueueingOf({ queueing, needsNoSlot }: Pick<NewTask, 'queueing' | 'needsNoSlot'>): {
  readonly queueing?: RunQueueing;
} {
  if (queueing === undefined) return {};
  return { queueing: { attempts: 1, deadlineAtMs: queueing.deadlineAtMs, holdsSlots: needsNoSlot !== true } };
}

/** The queueing of the run of a stored task. */
export function queueingOfRow({
  isQueueable,
  holdsSlots,
  agentAttempts,
  deadlineAtMs,
}: Pick<TaskRow, 'isQueueable' | 'holdsSlots' | 'agentAttempts' | 'deadlineAtMs'>): {
  readonly queueing?: RunQueueing;
} {
  return isQueueable ? { queueing: { attempts: agentAttempts ?? 1, deadlineAtMs, holdsSlots } } : {};
}
