import type { JsonObject, JsonValue, Message } from '@colloquy/protocol';
import { countItems } from './item-path.ts';
import type { ItemProblem } from './item-path.ts';
import { isPrice, objectOf, parsePrice } from './parse-price.ts';
import { million, millionthsOf, textOfMillionths } from './millionths.ts';
import type { Price, Quantities } from './price.ts';
import type { PriceInForce, PriceSource } from './price-in-force.ts';
import { priceLines, totalOf } from './price-lines.ts';
import type { PriceLine } from './price-lines.ts';
import type { TaskUsage, UsageReport } from './usage-report.ts';

/** The price of an agent for one task, as it was when the task was recorded. Later changes of the price do not change it. */
export interface TaskPrice {
  readonly price: Price;
  readonly source: PriceSource;
  /** The quantities that the send reserved for. */
  readonly expected: Quantities;
  /** What a part of unknown quantity costs. */
  readonly unknownMicrocredits: bigint;
  /** Why the inputs say no number of items; null when they do, or need not. */
  readonly itemProblem: ItemProblem | null;
}

/** Prices one call of an agent by its first message. The items are counted in the first data part. */
export function priceTask(
  { price, source }: PriceInForce,
  { parts }: Pick<Message, 'parts'>,
  unknownMicrocredits: bigint,
): TaskPrice {
  const path = price.perItem?.of ?? null;
  if (path === null) return { price, source, expected: price.estimate, unknownMicrocredits, itemProblem: null };
  const inputs = parts.find(({ data }) => data !== undefined)?.data;
  const counted = inputs === undefined ? 'no-inputs' : countItems(path, inputs);
  const isCounted = typeof counted === 'bigint';
  return {
    price,
    source,
    expected: isCounted ? { ...price.estimate, items: counted } : price.estimate,
    unknownMicrocredits,
    itemProblem: isCounted ? null : counted,
  };
}

/** Where the quantity of a line comes from; `fixed`: every call has it, `unknown`: nowhere, so the line costs the default of the tenant. */
export type QuantityBasis = 'fixed' | 'inputs' | 'estimate' | 'unknown' | 'minimum';

/** A line of what a send reserves, and where its quantity comes from. */
export interface QuotedLine extends PriceLine {
  readonly basis: QuantityBasis;
}

/** The lines of what a send reserves. */
export function quotedLines(task: TaskPrice): readonly QuotedLine[] {
  return reservedLines(task).map((line) => ({ ...line, basis: basisOf(line, task) }));
}

function basisOf({ component, quantity }: PriceLine, { price, itemProblem }: TaskPrice): QuantityBasis {
  if (component === 'call') return 'fixed';
  if (component === 'minimum') return 'minimum';
  if (quantity === null) return 'unknown';
  const isCounted = component === 'items' && itemProblem === null && price.perItem?.of !== null;
  return isCounted ? 'inputs' : 'estimate';
}

function reservedLines({ price, expected, unknownMicrocredits }: TaskPrice): readonly PriceLine[] {
  return priceLines(price, expected, unknownMicrocredits);
}

/** What a send reserves. */
export function reservedOf(task: TaskPrice): bigint {
  return totalOf(reservedLines(task));
}

/**
 * The lines of what the task costs at its end. The seconds are those that the platform measured. Items and units are those that the agent
 * reported; what it did not report counts as it was expected.
 */
export function settledLines(
  { price, expected, unknownMicrocredits }: TaskPrice,
  { report, workedMs }: TaskUsage,
): readonly PriceLine[] {
  const quantities = {
    items: report?.items ?? expected.items,
    seconds: BigInt(Math.max(0, Math.ceil(workedMs))) * 1_000n,
    units: report === null ? expected.units : new Map([...expected.units, ...report.units]),
  };
  return priceLines(price, quantities, unknownMicrocredits);
}

/** What the task costs at its end. */
export function settledOf(task: TaskPrice, report: UsageReport | null, workedMs: number): bigint {
  return totalOf(settledLines(task, { report, workedMs }));
}

/** As JSON for the task's row. */
export function encodeTaskPrice({ price, source, expected, unknownMicrocredits }: TaskPrice): JsonObject {
  return {
    price: price.document,
    source: { ...source },
    ...(expected.items === null ? {} : { items: textOfMillionths(expected.items) }),
    unknownMicrocredits: Number(unknownMicrocredits),
  };
}

/** A stored price; null for a value that this version cannot read. */
export function decodeTaskPrice(stored: JsonValue | undefined): TaskPrice | null {
  const members = objectOf(stored);
  const price = parsePrice(members?.['price'] ?? null);
  if (members === null || !isPrice(price)) return null;
  const items = millionthsOf(members['items'], maxQuantity);
  const unknown = members['unknownMicrocredits'];
  return {
    price,
    source: sourceOf(objectOf(members['source'])),
    expected: items === null ? price.estimate : { ...price.estimate, items },
    unknownMicrocredits: typeof unknown === 'number' && Number.isSafeInteger(unknown) ? BigInt(unknown) : 0n,
    itemProblem: null,
  };
}

/** Larger than any quantity that was stored. */
const maxQuantity = 10_000_000_000n * million;

function sourceOf(stored: JsonObject | null): PriceSource {
  const { kind, skillId, effectiveFromMs, cardVersion } = stored ?? {};
  if (kind === 'override' && typeof effectiveFromMs === 'number')
    return { kind, skillId: typeof skillId === 'string' ? skillId : null, effectiveFromMs };
  if (kind === 'card' && typeof cardVersion === 'number') return { kind, cardVersion };
  return { kind: 'registration' };
}
