import type { JsonObject } from '@colloquy/protocol';
import { idOf } from '../../../kernel/ids.ts';
import type { SkillOffer } from '../../../modules/routing/index.ts';

/** The words of a message as a query that one of them satisfies; null for none. `$2` is the text. */
export const wantedWords = `(
    select nullif(replace(plainto_tsquery('english', $2)::text, ' & ', ' | '), '')::tsquery as words
  ) wanted`;

/** How well the words match a skill `k` by itself. */
export const rankOfSkill = `coalesce(ts_rank(k.words, wanted.words), 0)`;

/** Columns of an offer of an agent `a` with a skill `k`; the rank comes from each statement. */
export const offerColumns = `a.agent_id, a.name as agent_name, k.skill_id, k.name, left(k.description, 1000) as description, a.tier,
    coalesce(k.price_microcredits, a.price_microcredits) as price_microcredits, k.input_schema, a.status = 'deprecated' as is_deprecated`;

/** Agents that messages may be routed to: `$3` are the names that the caller reaches, null for all. */
export const routableAgents = `a.deregistered_at is null and a.status <> 'maintenance' and ($3::text[] is null or a.name = any ($3))`;

export interface OfferColumns {
  readonly agent_id: string;
  readonly agent_name: string;
  readonly skill_id: string;
  readonly name: string;
  readonly description: string;
  readonly tier: SkillOffer['tier'];
  readonly price_microcredits: bigint;
  readonly input_schema: JsonObject | null;
  readonly is_deprecated: boolean;
  readonly rank: number;
}

export function offerOf(row: OfferColumns): SkillOffer {
  return {
    agentId: idOf('agt', row.agent_id),
    agentName: row.agent_name,
    skillId: row.skill_id,
    name: row.name,
    description: row.description,
    tier: row.tier,
    priceMicrocredits: row.price_microcredits,
    inputSchema: row.input_schema,
    isDeprecated: row.is_deprecated,
    rank: row.rank,
  };
}
