import { limits } from '../../kernel/limits.ts';
import { million } from './millionths.ts';
import type { Price, Quantities, TieredRate } from './price.ts';

/** One part of a price for one task. */
export interface PriceLine {
  readonly component: 'call' | 'items' | 'seconds' | 'unit' | 'minimum';
  /** The name of the unit; null for other components. */
  readonly unit: string | null;
  /** In millionths; null: not known, so the amount is the tenant's default for unknown prices. */
  readonly quantity: bigint | null;
  /** For each one above the tiers. */
  readonly unitMicrocredits: bigint;
  readonly amountMicrocredits: bigint;
}

/**
 * The parts of a price for these quantities. Each amount is rounded upward to a micro-credit. A part of unknown quantity costs what the tenant
 * reserves for unknown prices, which is never zero.
 */
export function priceLines(price: Price, quantities: Quantities, unknownMicrocredits: bigint): readonly PriceLine[] {
  const lines: PriceLine[] = [];
  const add = (
    component: 'items' | 'seconds' | 'unit',
    unit: string | null,
    quantity: bigint | null,
    rate: TieredRate,
  ) =>
    lines.push({
      component,
      unit,
      quantity,
      unitMicrocredits: rate.price,
      amountMicrocredits: quantity === null ? unknownMicrocredits : amountOf(rate, quantity),
    });
  const { perCall, perItem, perSecond, perUnit, minimum } = price;
  if (perCall > 0n || (perItem === null && perSecond === null && perUnit.size === 0)) {
    const amounts = { unitMicrocredits: perCall, amountMicrocredits: perCall };
    lines.push({ component: 'call', unit: null, quantity: million, ...amounts });
  }
  if (perItem !== null) add('items', null, quantities.items, perItem);
  if (perSecond !== null) add('seconds', null, quantities.seconds, { price: perSecond, tiers: [] });
  for (const [name, rate] of perUnit) add('unit', name, quantities.units.get(name) ?? null, rate);
  const sum = sumOf(lines);
  if (sum >= minimum) return lines;
  const missing = { unitMicrocredits: minimum, amountMicrocredits: minimum - sum };
  return [...lines, { component: 'minimum', unit: null, quantity: million, ...missing }];
}

/** The sum of the lines; at most `limits.amountMicrocreditsMax`, which no wallet pays. */
export function totalOf(lines: readonly PriceLine[]): bigint {
  const sum = sumOf(lines);
  const max = BigInt(limits.amountMicrocreditsMax);
  return sum > max ? max : sum;
}

function sumOf(lines: readonly PriceLine[]): bigint {
  return lines.reduce((sum, { amountMicrocredits }) => sum + amountMicrocredits, 0n);
}

/** Graduated: each tier prices its own part of the quantity. */
function amountOf({ price, tiers }: TieredRate, quantity: bigint): bigint {
  let scaled = 0n;
  let priced = 0n;
  for (const tier of tiers) {
    const upTo = tier.upTo < quantity ? tier.upTo : quantity;
    if (upTo > priced) {
      scaled += (upTo - priced) * tier.price;
      priced = upTo;
    }
  }
  scaled += (quantity - priced) * price;
  return (scaled + million - 1n) / million;
}
