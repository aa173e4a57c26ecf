import { limits } from '../../kernel/limits.ts';
import { millionthsOfCount } from './millionths.ts';

/** URI of the extension by which an agent reports what a task took, in the metadata of a status, an artifact or a message. */
export const usageUri = 'urn:colloquy:extension:usage:v1';

/** What an agent reports, in millionths; a unit that is missing was not reported. */
export interface UsageReport {
  readonly items: bigint | null;
  readonly units: ReadonlyMap<string, bigint>;
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
  if (isUnknown || entries.length > limits.priceUnitsMax) return 'malformed';
  const items = members['items'] === undefined ? null : quantityOf(members['items']);
  const read = entries.map(([name, count]) => [name, quantityOf(count)] as const);
  if (items === undefined) return 'malformed';
  const counted = read.flatMap(([name, count]) => (count === undefined ? [] : [[name, count] as const]));
  return counted.length === read.length ? { items, units: new Map(counted) } : 'malformed';
}

/** Undefined for what is no quantity. */
function quantityOf(value: unknown): bigint | undefined {
  return typeof value === 'number' ? (millionthsOfCount(value) ?? undefined) : undefined;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
