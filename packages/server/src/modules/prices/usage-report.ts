import type { JsonObject } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { unitName } from './parse-price.ts';
import { million, millionthsOf, millionthsOfCount, textOfMillionths } from './millionths.ts';

/** URI of the extension by which an agent reports what a task took, in the metadata of a status, an artifact or a message. */
export const usageUri = 'urn:colloquy:extension:usage:v1';

/** What an agent reports, in millionths; a unit that is missing was not reported. */
export interface UsageReport {
  readonly items: bigint | null;
  readonly units: ReadonlyMap<string, bigint>;
}

/** What a task took of the agent that worked on it. */
export interface TaskUsage {
  /** The newest report of the agent; null for none. */
  readonly report: UsageReport | null;
  /** Working time by the platform's clock. */
  readonly workedMs: number;
}

type Metadata = Readonly<Record<string, unknown>> | undefined;

/** The report in the metadata; null without one, `malformed` when it can not be read. */
export function usageReportIn(metadata: Metadata): UsageReport | 'malformed' | null {
  const stated = metadata?.[usageUri];
  if (stated === undefined) return null;
  const members = membersOf(stated);
  const units = membersOf(members?.['units'] ?? {});
  if (members === null || units === null) return 'malformed';
  const isUnknown = Object.keys(members).some((name) => name !== 'items' && name !== 'units');
  const entries = Object.entries(units);
  const isNamed = entries.every(([name]) => unitName.test(name));
  if (isUnknown || !isNamed || entries.length > limits.priceUnitsMax) return 'malformed';
  const items = members['items'] === undefined ? null : quantityOf(members['items']);
  const read = entries.map(([name, count]) => [name, quantityOf(count)] as const);
  if (items === undefined) return 'malformed';
  const counted = read.flatMap(([name, count]) => (count === undefined ? [] : [[name, count] as const]));
  return counted.length === read.length ? { items, units: new Map(counted) } : 'malformed';
}

/** As JSON for the task's row. */
export function encodeUsage({ report, workedMs }: TaskUsage): JsonObject {
  return {
    workedMs,
    ...(report === null
      ? {}
      : {
          ...(report.items === null ? {} : { items: textOfMillionths(report.items) }),
          units: Object.fromEntries(Array.from(report.units, ([name, count]) => [name, textOfMillionths(count)])),
        }),
  };
}

/** A stored usage; null for a value that this version cannot read. */
export function decodeUsage(stored: unknown): TaskUsage | null {
  const members = membersOf(stored);
  const workedMs = members?.['workedMs'];
  if (members === null || typeof workedMs !== 'number') return null;
  const units = membersOf(members['units']);
  if (units === null) return { report: null, workedMs };
  const read = Object.entries(units).map(([name, count]) => [name, millionthsOf(count, quantityMax)] as const);
  const counted = read.flatMap(([name, count]) => (count === null ? [] : [[name, count] as const]));
  return { report: { items: millionthsOf(members['items'], quantityMax), units: new Map(counted) }, workedMs };
}

/** Larger than any quantity that is reported. */
const quantityMax = BigInt(limits.priceQuantityMax) * million;

/** Undefined for what is no quantity. */
function quantityOf(value: unknown): bigint | undefined {
  return typeof value === 'number' ? (millionthsOfCount(value) ?? undefined) : undefined;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
