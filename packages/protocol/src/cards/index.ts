/** Agent cards of every version: which one a document is, and the model of it. No codec; it chooses among them. */
export { cardVersionOf } from './card-version.ts';
export type { CardVersion } from './card-version.ts';
export { decodeAnyAgentCard } from './decode-card.ts';
