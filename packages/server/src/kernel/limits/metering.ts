/** The bounds of credits. */
export const meteringLimits = {
  /** A larger grant or price, in micro-credits, is refused as invalid: it stays an exact JSON number. */
  amountMicrocreditsMax: 9_000_000_000_000_000,
} as const;
