import type { Message } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { urgencyUri } from '../../registry/index.ts';
import { taskPriorityMax } from '../../tasks/index.ts';
import type { SendOptions } from './send.ts';

/** The priority of a task, and its deadline. */
export type Urgency = Pick<SendOptions, 'priority' | 'deadlineAtMs'>;

/** The urgency in the metadata of a message; null for none, as in most. Throws `request.invalid` when it is malformed. */
export function urgencyOf(clock: Clock, { metadata }: Message): Urgency | null {
  const requested = metadata?.[urgencyUri];
  if (requested === undefined) return null;
  if (typeof requested !== 'object' || requested === null || isArray(requested))
    throw invalid(fieldOf(''), 'must be an object');
  const { priority, deadline } = requested;
  const urgency = {
    ...(priority === undefined ? {} : { priority: numberFrom(priority) }),
    ...(deadline === undefined ? {} : { deadlineAtMs: timeFrom(deadline, fieldOf('.deadline')) }),
  };
  assertUrgency(clock, urgency, fieldOf('.'));
  return urgency;
}

/** Throws `request.invalid` for a priority out of range, and for a deadline that is too far ahead. `prefix` goes before the names of the fields. */
export function assertUrgency(clock: Clock, { priority, deadlineAtMs }: Urgency, prefix = ''): void {
  const isPriority = priority === undefined || (Number.isInteger(priority) && priority >= 0);
  if (!isPriority || (priority ?? 0) > taskPriorityMax)
    throw invalid(`${prefix}priority`, `must be a whole number from 0 to ${taskPriorityMax}`);
  if (deadlineAtMs !== undefined && deadlineAtMs - clock.nowMs() > limits.callDeadlineMsMax)
    throw invalid(`${prefix}deadline`, `must be within ${limits.callDeadlineMsMax} ms`);
}

/** Whether the deadline has passed, so that no work is begun. */
export function isLate(clock: Clock, { deadlineAtMs }: Urgency): boolean {
  return deadlineAtMs !== undefined && deadlineAtMs <= clock.nowMs();
}

/** The refusal of a message whose deadline has passed. */
export function lateRefusal({ metadata }: Message): PlatformError {
  const field = metadata?.[urgencyUri] === undefined ? 'deadline' : fieldOf('.deadline');
  return invalid(field, 'must be in the future');
}

/** Milliseconds since 1970 of an RFC 3339 time with an offset; throws `request.invalid` for anything else. */
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
  return `message.metadata["${urgencyUri}"]${member}`;
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
