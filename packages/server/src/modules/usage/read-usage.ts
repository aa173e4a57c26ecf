import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { UsageFacts, UsageGroup, UsageGrouping, UsageQuery, UsageStore } from './usage-store.ts';
import { usageGroupings } from './usage-store.ts';

/** The period and the grouping of a report, as a caller writes them. */
export interface UsageRequest {
  /** A day, or a full hour of UTC; null: the begin of the current month. */
  readonly from: string | null;
  /** The same, exclusive; null: now. */
  readonly to: string | null;
  /** Names of {@link usageGroupings} with commas between them; null: one group. */
  readonly groupBy: string | null;
}

export interface UsageReport extends Omit<UsageFacts, 'groups' | 'now'> {
  readonly groupBy: readonly UsageGrouping[];
  readonly groups: Page<UsageGroup>;
}

interface UsagePorts {
  readonly usage: UsageStore;
}

/** A page of the groups of a period. The cursor counts groups. Throws `request.invalid`. */
export function readUsage({ usage }: UsagePorts) {
  return async (caller: Caller, request: UsageRequest, { after, limit }: PageRequest): Promise<UsageReport> => {
    const offset = offsetOf(after);
    const query = { ...queryOf(request), offset, limit: limit + 1 };
    const { now, groups, ...facts } = await usage.report(caller.tenant.id, query);
    assertPeriod({ now, ...facts });
    const next = groups.length > limit ? String(offset + limit) : null;
    return { ...facts, groupBy: query.groupBy, groups: { items: groups.slice(0, limit), next } };
  };
}

/** Every group of a period at once. Throws `request.invalid`, and `usage.too-large` above `limits.usageGroupsMax`. */
export function readWholeUsage({ usage }: UsagePorts) {
  return async (caller: Caller, request: UsageRequest): Promise<UsageReport> => {
    const query = { ...queryOf(request), offset: 0, limit: limits.usageGroupsMax + 1 };
    const { now, groups, ...facts } = await usage.report(caller.tenant.id, query);
    assertPeriod({ now, ...facts });
    if (groups.length > limits.usageGroupsMax) throw new PlatformError('usage.too-large');
    return { ...facts, groupBy: query.groupBy, groups: { items: groups, next: null } };
  };
}

function queryOf({ from, to, groupBy }: UsageRequest): Pick<UsageQuery, 'from' | 'to' | 'groupBy'> {
  const query = {
    from: from === null ? null : hourOf('from', from),
    to: to === null ? null : hourOf('to', to),
    groupBy: groupBy === null ? [] : groupingOf(groupBy),
  };
  // Before anything is read: the period bounds the work of the database.
  if (query.from !== null && query.to !== null) assertLength({ from: query.from, to: query.to });
  return query;
}

const timeShape = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):00(?::00(?:\.0{1,9})?)?Z)?$/;

function hourOf(field: string, text: string): Date {
  const [, day, hour = '00'] = timeShape.exec(text) ?? [];
  const time = new Date(`${day ?? ''}T${hour}:00:00Z`);
  // A day that its month does not have would be one of the next.
  const isTime = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(`${day ?? ''}T${hour}`);
  if (!isTime)
    throw invalid(field, 'must be a day such as 2026-11-25, or a full hour of UTC such as 2026-11-25T15:00:00Z');
  return time;
}

function groupingOf(text: string): readonly UsageGrouping[] {
  const names = text.split(',');
  const unknown = names.find((name) => !usageGroupings.some((grouping) => grouping === name));
  if (unknown !== undefined)
    throw invalid('groupBy', `must be some of ${usageGroupings.join(', ')}, with commas between them`);
  const groupBy = usageGroupings.filter((grouping) => names.includes(grouping));
  if (groupBy.length < names.length) throw invalid('groupBy', 'names something twice');
  if (groupBy.filter((name) => name === 'hour' || name === 'day' || name === 'month').length > 1)
    throw invalid('groupBy', 'must name at most one of hour, day and month');
  return groupBy;
}

function offsetOf(after: string | null): number {
  if (after === null) return 0;
  if (!/^\d{1,9}$/.test(after)) throw invalid('after', 'is no cursor');
  return Number(after);
}

function assertLength({ from, to }: Pick<UsageFacts, 'from' | 'to'>, fields = { from: 'from', to: 'to' }): void {
  if (from.getTime() >= to.getTime()) throw invalid(fields.to, 'must be later than from');
  if (to.getTime() - from.getTime() > limits.usagePeriodMsMax)
    throw invalid(fields.from, `must be at most ${limits.usagePeriodMsMax / (24 * 60 * 60_000)} days before to`);
}

/** Throws `request.invalid` for a period that is empty, too long, has not begun, or is before what is kept. */
export function assertPeriod(
  { now, from, to }: Pick<UsageFacts, 'now' | 'from' | 'to'>,
  fields: { readonly from: string; readonly to: string } = { from: 'from', to: 'to' },
): void {
  if (from.getTime() > now.getTime()) throw invalid(fields.from, 'has not begun yet');
  assertLength({ from, to }, fields);
  const kept = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - limits.usageKeptMonths);
  if (from.getTime() < kept) throw invalid(fields.from, 'is longer ago than usage is kept');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
