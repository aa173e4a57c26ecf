import type { JsonObject } from '@colloquy/protocol';
import { isPrice, parsePrice } from './parse-price.ts';
import { plainPrice } from './price.ts';
import type { Price } from './price.ts';

/** A dated price of a tenant, which overrides what the card says. */
export interface DatedPrice {
  /** Null: every skill of the agent without an override of its own. */
  readonly skillId: string | null;
  readonly effectiveFromMs: number;
  readonly price: JsonObject;
}

/** The prices of an agent beside the plain ones, as they were stated; valid when they were stored. */
export interface AgentPrices {
  /** As the card states it for the whole agent. */
  readonly agent: JsonObject | null;
  /** As the card states them, by skill. */
  readonly skills: ReadonlyMap<string, JsonObject>;
  /** Those in force and those to come, newest first. */
  readonly overrides: readonly DatedPrice[];
  /** What a part of unknown quantity costs. */
  readonly unknownMicrocredits: bigint;
}

/** All prices of an agent. */
export interface ListedPrices {
  readonly cardVersion: number;
  /** Of a call, where nothing else is stated. */
  readonly priceMicrocredits: bigint;
  /** Plain prices of skills. */
  readonly skills: ReadonlyMap<string, { readonly priceMicrocredits: bigint | null }>;
  /** Absent: only the plain prices. */
  readonly prices?: AgentPrices;
}

/** Where a price comes from. */
export type PriceSource =
  | { readonly kind: 'override'; readonly skillId: string | null; readonly effectiveFromMs: number }
  | { readonly kind: 'card'; readonly cardVersion: number }
  | { readonly kind: 'registration' };

export interface PriceInForce {
  readonly price: Price;
  readonly source: PriceSource;
}

/**
 * The price of a call at this moment. The tenant's overrides come first, that of the skill before that of the agent; then the card, again the
 * skill before the agent; then the plain price of the registration.
 */
export function priceInForce(listed: ListedPrices, skillId: string | null, nowMs: number): PriceInForce {
  const { cardVersion, prices } = listed;
  const inForce = (skill: string | null): DatedPrice | undefined =>
    prices?.overrides.find((one) => one.skillId === skill && one.effectiveFromMs <= nowMs);
  const dated = (skillId === null ? undefined : inForce(skillId)) ?? inForce(null);
  if (dated !== undefined) {
    const { price, effectiveFromMs } = dated;
    return { price: priceOf(price), source: { kind: 'override', skillId: dated.skillId, effectiveFromMs } };
  }
  const plain = skillId === null ? null : (listed.skills.get(skillId)?.priceMicrocredits ?? null);
  const ofSkill = skillId === null ? undefined : prices?.skills.get(skillId);
  const source = { kind: 'card', cardVersion } as const;
  if (ofSkill !== undefined) return { price: priceOf(ofSkill), source };
  if (plain !== null) return { price: plainPrice(plain), source };
  if (prices?.agent) return { price: priceOf(prices.agent), source };
  return { price: plainPrice(listed.priceMicrocredits), source: { kind: 'registration' } };
}

/** Parsed once for each document: routes are cached. */
const parsedPrices = new WeakMap<JsonObject, Price>();

function priceOf(document: JsonObject): Price {
  const known = parsedPrices.get(document);
  if (known !== undefined) return known;
  const parsed = parsePrice(document);
  // Stored by a later version: a price that this one cannot read is unknown, so it is not free.
  const price = isPrice(parsed) ? parsed : unreadable;
  parsedPrices.set(document, price);
  return price;
}

/** Only the agent counts the items, so their number is unknown. */
const unreadable: Price = {
  ...plainPrice(0n),
  perItem: { price: 0n, tiers: [], of: null },
  document: { perItem: { price: 0 } },
};
