/** The bounds of prices with parts. A price above one of them is refused as invalid, with the field. */
export const pricesLimits = {
  /** Units that a price names, and that an agent reports. A report with more counts as none. */
  priceUnitsMax: 8,
  /** Tiers of a part. */
  priceTiersMax: 16,
  /** Largest quantity of items, units or seconds. A call with more has an unknown price. */
  priceQuantityMax: 9_000_000_000,
  /** Characters of the path to the items. */
  pricePathCharsMax: 256,
  /** Segments of the path to the items. */
  pricePathSegmentsMax: 16,
  /** Values of the inputs that one path reads. A call with more has an unknown price. */
  pricePathNodesMax: 100_000,
  /** Overrides of one agent, dated ones included. A further one is refused. */
  priceOverridesMax: 100,
  /** Reserved for a part whose quantity is unknown, in micro-credits, where the tenant has no setting of its own. */
  unknownPriceMicrocreditsDefault: 1_000_000,
} as const;
