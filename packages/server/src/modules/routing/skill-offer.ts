import type { JsonObject } from '@colloquy/protocol';
import type { AgentId, TenantId } from '../../kernel/ids.ts';
import type { Route } from './route.ts';

/** A skill of a registered agent, as the router ranks it. */
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
  /** Text search rank of the message against the skill; 0: no match. */
  readonly rank: number;
  /** The agent's status is `deprecated`. */
  readonly isDeprecated: boolean;
}

/** A search for offers. */
export interface OfferSearch {
  readonly tenantId: TenantId;
  /** Names of the agents to search; null for all of the tenant. */
  readonly agentNames: readonly string[] | null;
  /** The message's text; the first `limits.routerTextChars` characters count. */
  readonly text: string;
}

/**
 * Finds skills of the tenant's registered agents, by the cards in use; at most `limits.routerOffersMax`, the best first. Agents in
 * maintenance are left out. Throws `platform.unavailable`.
 */
export interface SkillOfferStore {
  /** Every skill with this id. */
  named(search: OfferSearch, skillId: string): Promise<readonly SkillOffer[]>;
  /** Skills whose schema requires only these members and defines at least one of them; the schema with most required members first. */
  taking(search: OfferSearch, members: readonly string[]): Promise<readonly SkillOffer[]>;
  /** Skills that match the text, by rank. */
  matching(search: OfferSearch): Promise<readonly SkillOffer[]>;
}

/** Whether a value satisfies a JSON Schema; false for an invalid schema. */
export type SchemaFit = (schema: JsonObject, value: unknown) => boolean;

/** Asks a language model to choose among skills. */
export interface SkillChooser {
  /**
   * The index of the best offer; null when none fits. Throws `router.chooser-failed` without a valid answer within `limits.chooserMs`.
   */
  choose(
    text: string,
    offers: readonly Pick<SkillOffer, 'agentName' | 'skillId' | 'name' | 'description'>[],
  ): Promise<number | null>;
}
