import type { JsonObject } from '@colloquy/protocol';
import type { ItemPath } from './item-path.ts';
import { textOfMillionths } from './millionths.ts';

/** A price for each item or unit. Amounts are micro-credits; quantities are millionths, so that 2.5 items are exact too. */
export interface TieredRate {
  /** For each one above the last tier. */
  readonly price: bigint;
  /** Graduated: each tier prices the quantities up to `upTo` that the tiers before it do not price. */
  readonly tiers: readonly { readonly upTo: bigint; readonly price: bigint }[];
}

/** What a call of a skill costs, in parts that are added. A plain price has the part for the call alone. */
export interface Price {
  readonly perCall: bigint;
  /** `of`: where the inputs hold the items; null: only the agent counts them. */
  readonly perItem: (TieredRate & { readonly of: ItemPath | null }) | null;
  readonly perSecond: bigint | null;
  /** By the names under which the agent reports units. */
  readonly perUnit: ReadonlyMap<string, TieredRate>;
  /** The sum costs this at least. */
  readonly minimum: bigint;
  /** The quantities that a send reserves for; null: not stated. */
  readonly estimate: Quantities;
  /** The price as it was stated, for those who read or store it. */
  readonly document: JsonObject;
}

/** How much a task takes of each part, in millionths; null: not known. */
export interface Quantities {
  readonly items: bigint | null;
  readonly seconds: bigint | null;
  readonly units: ReadonlyMap<string, bigint>;
}

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** A price for the call alone. */
export function plainPrice(microcredits: bigint): Price {
  return {
    perCall: microcredits,
    perItem: null,
    perSecond: null,
    perUnit: none,
    minimum: 0n,
    estimate: { items: null, seconds: null, units: none },
    document: { perCall: textOfMillionths(microcredits) },
  };
}

/** Whether every call costs the same. */
export function isPlain({ perItem, perSecond, perUnit }: Price): boolean {
  return perItem === null && perSecond === null && perUnit.size === 0;
}
