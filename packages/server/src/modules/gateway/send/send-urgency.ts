import type { Message } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { dispatchUri } from '../../registry/index.ts';
import { taskPriorityMax } from '../../tasks/index.ts';
import type { SendOptions } from './send.ts';

/** How urgent a task is, and until when it is of use. */
export type Urgency = Pick<SendOptions, 'priority' | 'deadlineAtMs'>;

/** What a message says of that in its metadata; null for nothing, as most do. Throws `request.invalid` for what is no such wish. */
export function urgencyOf(clock: Clock, { metadata }: Message): Urgency | null {
  const wish = metadata?.[dispatchUri];
  if (wish === undefined) return null;
  if (typeof wish !== 'object' || wish === null || isArray(wish)) throw invalid(fieldOf(''), 'must be an object');
  const { priority, deadline } = wish;
  const urgency = {
    ...(priority === undefined ? {} : { priority: numberFrom(priority) }),
    ...(deadline === undefined ? {} : { deadlineAtMs: timeFrom(deadline, fieldOf('.deadline')) }),
  };
  assertUrgency(clock, urgency, fieldOf('.'));
  return urgency;
}

/** Throws `request.invalid` for a priority out of its range, and for a deadline that is too far ahead. `prefix`: of the fields' names. */
export function assertUrgency(clock: Clock, { priority, deadlineAtMs }: Urgency, prefix = ''): void {
  const isPriority = priority === undefined || (Number.isInteger(priority) && priority >= 0);
  if (!isPriority || (priority ?? 0) > taskPriorityMax)
    throw invalid(`${prefix}priority`, `must be a whole number from 0 to ${taskPriorityMax}`);
  if (deadlineAtMs !== undefined && deadlineAtMs - clock.nowMs() > limits.callDeadlineMsMax)
    throw invalid(`${prefix}deadline`, `must be within ${limits.callDeadlineMsMax} ms`);
}

/** Whether the deadline has passed, so that nothing is begun. */
export function isLate(clock: Clock, { deadlineAtMs }: Urgency): boolean {
  return deadlineAtMs !== undefined && deadlineAtMs <= clock.nowMs();
}

/** The refusal of a message whose deadline has passed. */
export function lateRefusal({ metadata }: Message): PlatformError {
  const field = metadata?.[dispatchUri] === undefined ? 'deadline' : fieldOf('.deadline');
  return invalid(field, 'must be in the future');
}

/** RFC 3339 with an offset; days that are none are refused. */
export function timeFrom(text: unknown, field: string): number {
  const isTime = typeof text === 'string' && rfc3339.test(text);
  const atMs = isTime ? Date.parse(text) : NaN;
  if (Number.isNaN(atMs)) throw invalid(field, 'must be a time by RFC 3339, as 2031-01-31T12:00:00Z');
  return atMs;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

// `Array.isArray` does not rule out arrays that are read-only.
const isArray: (value: unknown) => value is readonly unknown[] = Array.isArray;

function numberFrom(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}

function fieldOf(member: string): string {
  return `message.metadata["${dispatchUri}"]${member}`;
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
