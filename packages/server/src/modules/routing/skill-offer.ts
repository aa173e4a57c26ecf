import type { JsonObject } from '@colloquy/protocol';
import type { AgentId, TenantId } from '../../kernel/ids.ts';
import type { Route } from './route.ts';

/** A skill of a registered agent, as the router weighs it. */
export interface SkillOffer {
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly skillId: string;
  readonly name: string;
  readonly description: string;
  readonly tier: Route['tier'];
  readonly priceMicrocredits: bigint;
  /** JSON Schema 2020-12; null: any input. */
  readonly inputSchema: JsonObject | null;
  /** How well the words of the message match those of the skill, 0 for not at all. */
  readonly rank: number;
  /** Its agent says that it should not be used any more. */
  readonly isDeprecated: boolean;
}

/** Where to look, and with which words. */
export interface OfferSearch {
  readonly tenantId: TenantId;
  /** Names of the agents among which to look; null for all of the tenant. */
  readonly agentNames: readonly string[] | null;
  /** What the message says; at most `limits.routerTextChars` of it count. */
  readonly text: string;
}

/**
 * Finds skills of the tenant's registered agents, by the cards in use; at most `limits.routerOffersMax`, the best first. Agents in
 * maintenance are left out. Throws `platform.unavailable`.
 */
export interface SkillOfferStore {
  /** Every skill with this id. */
  named(search: OfferSearch, skillId: string): Promise<readonly SkillOffer[]>;
  /** Those whose schema asks for nothing but members of these names, and knows at least one of them; the one that asks for most first. */
  taking(search: OfferSearch, members: readonly string[]): Promise<readonly SkillOffer[]>;
  /** Those that the words match, by rank. */
  matching(search: OfferSearch): Promise<readonly SkillOffer[]>;
}

/** Judges whether a value satisfies a JSON Schema. Answers false for a schema that can not be used. */
export type SchemaFit = (schema: JsonObject, value: unknown) => boolean;

/** Asks somebody who reads to choose among skills. */
export interface SkillChooser {
  /**
   * The place of the best among the offers, counted from 0; null for none of them. Throws `router.chooser-failed` when there is no answer
   * that makes sense within `limits.chooserMs`.
   */
  choose(
    text: string,
    offers: readonly Pick<SkillOffer, 'agentName' | 'skillId' | 'name' | 'description'>[],
  ): Promise<number | null>;
}
