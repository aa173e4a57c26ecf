export { listPriceOverrides, setPriceOverride, unsetPriceOverrides } from './price-override.ts';
export type {
  PriceOverride,
  PriceOverrideStore,
  PriceOverrideOutcome,
  PriceSubject,
  NewPriceOverride,
} from './price-override.ts';
export { pricesInForce } from './agent-prices.ts';
export type { PricesInForce, SkillPrice } from './agent-prices.ts';
export { isPrice, parsePrice, priceViolations, unitNamePattern } from './parse-price.ts';
export type { PriceViolation } from './parse-price.ts';
export { priceInForce } from './price-in-force.ts';
export type { AgentPrices, DatedPrice, ListedPrices, PriceInForce, PriceSource } from './price-in-force.ts';
export { textOfMillionths } from './millionths.ts';
export { isPlain } from './price.ts';
export type { Price } from './price.ts';
export {
  decodeTaskPrice,
  encodeTaskPrice,
  priceTask,
  quotedLines,
  reservedOf,
  settledLines,
  settledOf,
} from './task-price.ts';
export type { PriceLine } from './price-lines.ts';
export type { QuotedLine, TaskPrice } from './task-price.ts';
export { decodeUsage, encodeUsage, usageReportIn, usageUri } from './usage-report.ts';
export type { TaskUsage, UsageReport } from './usage-report.ts';
export { itemProblems } from './item-path.ts';
export type { ItemProblem } from './item-path.ts';
