import type { JsonObject, JsonValue } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { parseItemPath } from './item-path.ts';
import type { ItemPath } from './item-path.ts';
import { million, millionthsOf } from './millionths.ts';
import type { Price, Quantities, TieredRate } from './price.ts';

/** One invalid member of a price; `field` is its path in the price, empty for the price itself. */
export interface PriceViolation {
  readonly field: string;
  readonly description: string;
}

const amountMax = BigInt(limits.amountMicrocreditsMax);
const quantityMax = BigInt(limits.priceQuantityMax) * million;
const amountRule = `must be credits from 0 to ${limits.amountMicrocreditsMax / 1_000_000} with at most 6 decimals`;
const quantityRule = `must be a number from 0 to ${limits.priceQuantityMax} with at most 6 decimals`;
/** Of the names of units, as a regular expression. */
export const unitNamePattern = '^[A-Za-z][A-Za-z0-9_-]{0,63}$';
/** The name of a unit, in a price or in the report of an agent. */
export const unitName = new RegExp(unitNamePattern);

/** A price as a card or a tenant states it, or everything that is wrong with it. */
export function parsePrice(document: JsonValue): Price | readonly PriceViolation[] {
  const reader = new PriceReader();
  const price = reader.price(document);
  return price === null || reader.violations.length > 0 ? reader.violations : price;
}

/** What is wrong with a price that stands at `place` of a larger document. */
export function priceViolations(document: JsonValue, place: string): PriceViolation[] {
  const parsed = parsePrice(document);
  if (isPrice(parsed)) return [];
  return parsed.map(({ field, description }) => ({ field: field === '' ? place : `${place}.${field}`, description }));
}

/** Whether a parsed price is valid. */
export function isPrice(parsed: Price | readonly PriceViolation[]): parsed is Price {
  return !Array.isArray(parsed);
}

/** Reads a price member by member, and collects what is wrong with it. */
class PriceReader {
  readonly violations: PriceViolation[] = [];

  price(document: JsonValue): Price | null {
    const members = this.#members(document, '', parts);
    if (members === null) return null;
    if (!['perCall', 'perItem', 'perSecond', 'perUnit'].some((name) => members[name] !== undefined)) {
      this.#refuse('', 'must have perCall, perItem, perSecond or perUnit');
    }
    return {
      perCall: this.#amount(members['perCall'], 'perCall') ?? 0n,
      perItem: this.#perItem(members['perItem']),
      perSecond: this.#amount(members['perSecond'], 'perSecond'),
      perUnit: this.#perUnit(members['perUnit']),
      minimum: this.#amount(members['minimum'], 'minimum') ?? 0n,
      estimate: this.#estimate(members['estimate']),
      document: members,
    };
  }

  #perItem(value: JsonValue | undefined): (TieredRate & { readonly of: ItemPath | null }) | null {
    if (value === undefined) return null;
    const members = this.#members(value, 'perItem', ['price', 'of', 'tiers']);
    if (members === null) return null;
    return { ...this.#rate(members, 'perItem'), of: this.#path(members['of']) };
  }

  #path(value: JsonValue | undefined): ItemPath | null {
    if (value === undefined) return null;
    const path = typeof value === 'string' ? parseItemPath(value) : null;
    if (path === null) {
      const { pricePathCharsMax: chars, pricePathSegmentsMax: segments } = limits;
      const shape = `of names, indices and wildcards, at most ${chars} characters and ${segments} segments`;
      this.#refuse('perItem.of', `must be a JSON path such as $.leadIds[*], ${shape}`);
    }
    return path;
  }

  #perUnit(value: JsonValue | undefined): ReadonlyMap<string, TieredRate> {
    const rates = new Map<string, TieredRate>();
    if (value === undefined) return rates;
    const units = this.#object(value, 'perUnit');
    if (units === null) return rates;
    const entries = Object.entries(units);
    if (entries.length === 0 || entries.length > limits.priceUnitsMax)
      this.#refuse('perUnit', `must name 1 to ${limits.priceUnitsMax} units`);
    for (const [name, stated] of entries.slice(0, limits.priceUnitsMax)) {
      const field = `perUnit.${name.slice(0, 64)}`;
      if (!unitName.test(name)) this.#refuse(field, 'must be named by 1 to 64 letters, digits, _ and -');
      const isPlainRate = typeof stated === 'number' || typeof stated === 'string';
      const members = isPlainRate ? { price: stated } : this.#members(stated, field, ['price', 'tiers']);
      if (members !== null) rates.set(name, this.#rate(members, field));
    }
    return rates;
  }

  #rate(members: JsonObject, field: string): TieredRate {
    const price = this.#amount(members['price'], `${field}.price`);
    if (members['price'] === undefined) this.#refuse(`${field}.price`, amountRule);
    return { price: price ?? 0n, tiers: this.#tiers(members['tiers'], `${field}.tiers`) };
  }

  #tiers(value: JsonValue | undefined, field: string): TieredRate['tiers'] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length === 0 || value.length > limits.priceTiersMax) {
      this.#refuse(field, `must be a list of 1 to ${limits.priceTiersMax} tiers`);
      return [];
    }
    const stated: readonly JsonValue[] = value;
    let before = 0n;
    return stated.flatMap((tier, at) => {
      const place = `${field}[${at}]`;
      const members = this.#members(tier, place, ['upTo', 'price']);
      if (members === null) return [];
      const upTo = this.#quantity(members['upTo'], `${place}.upTo`) ?? 0n;
      if (upTo <= before) this.#refuse(`${place}.upTo`, 'must be more than 0 and than that of the tier before');
      before = upTo;
      if (members['price'] === undefined) this.#refuse(`${place}.price`, amountRule);
      return [{ upTo, price: this.#amount(members['price'], `${place}.price`) ?? 0n }];
    });
  }

  #estimate(value: JsonValue | undefined): Quantities {
    const members = value === undefined ? {} : this.#members(value, 'estimate', ['items', 'seconds', 'units']);
    const units = members?.['units'] === undefined ? {} : (this.#object(members['units'], 'estimate.units') ?? {});
    const stated = Object.entries(units).slice(0, limits.priceUnitsMax);
    return {
      items: this.#quantity(members?.['items'], 'estimate.items'),
      seconds: this.#quantity(members?.['seconds'], 'estimate.seconds'),
      units: new Map(
        stated.map(([name, count]) => [name, this.#quantity(count, `estimate.units.${name.slice(0, 64)}`) ?? 0n]),
      ),
    };
  }

  #amount(value: JsonValue | undefined, field: string): bigint | null {
    if (value === undefined) return null;
    const amount = millionthsOf(value, amountMax);
    if (amount === null) this.#refuse(field, amountRule);
    return amount;
  }

  #quantity(value: JsonValue | undefined, field: string): bigint | null {
    if (value === undefined) return null;
    const quantity = millionthsOf(value, quantityMax);
    if (quantity === null) this.#refuse(field, quantityRule);
    return quantity;
  }

  #members(value: JsonValue, field: string, known: readonly string[]): JsonObject | null {
    const members = this.#object(value, field);
    for (const name of Object.keys(members ?? {})) {
      const place = `${field === '' ? '' : `${field}.`}${name.slice(0, 64)}`;
      if (!known.includes(name)) this.#refuse(place, `must be one of ${known.join(', ')}`);
    }
    return members;
  }

  #object(value: JsonValue, field: string): JsonObject | null {
    const members = objectOf(value);
    if (members === null) this.#refuse(field, 'must be an object');
    return members;
  }

  #refuse(field: string, description: string): void {
    this.violations.push({ field, description });
  }
}

const parts = ['perCall', 'perItem', 'perSecond', 'perUnit', 'minimum', 'estimate'];

/** The value when it is an object and no list; null otherwise. */
export function objectOf(value: JsonValue | undefined): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- isArray does not tell read-only lists apart
  return value as JsonObject;
}
