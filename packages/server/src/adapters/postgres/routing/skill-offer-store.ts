import type { JsonObject } from '@colloquy/protocol';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { OfferSearch, SkillOffer, SkillOfferStore } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Skills of registered agents, from the cards in use. */
export function createSkillOfferStore(pool: DatabasePool): SkillOfferStore {
  const read = async ({ tenantId }: OfferSearch, statement: Statement<OfferColumns>): Promise<readonly SkillOffer[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(offerOf);
  return {
    named: (search, skillId) => read(search, findNamedOffers(search, skillId)),
    taking: (search, members) => read(search, findTakingOffers(search, members)),
    matching: (search) => read(search, findMatchingOffers(search)),
  };
}

/** The words of a message ($2) as a query that any of them matches; null when it has none. */
const wantedWords = `(
    select nullif(replace(plainto_tsquery('english', $2)::text, ' & ', ' | '), '')::tsquery as words
  ) wanted`;

/** The rank of a skill `k` alone. */
const rankOfSkill = `coalesce(ts_rank(k.words, wanted.words), 0)`;

/** The columns of an offer: agent `a` and skill `k`. Each statement adds its rank. */
const offerColumns = `a.agent_id, a.name as agent_name, k.skill_id, k.name, left(k.description, 1000) as description, a.tier,
    coalesce(k.price_microcredits, a.price_microcredits) as price_microcredits, k.input_schema, a.status = 'deprecated' as is_deprecated`;

/** Agents that the router may choose; `$3` are the names that the caller has access to, null for all. */
const routableAgents = `a.deregistered_at is null and a.status <> 'maintenance' and ($3::text[] is null or a.name = any ($3))`;

interface OfferColumns {
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

function offerOf(row: OfferColumns): SkillOffer {
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

/** Every skill with this id ($4). */
function findNamedOffers(search: OfferSearch, skillId: string): Statement<OfferColumns> {
  return {
    name: 'find-named-offers',
    text: `
  select ${offerColumns}, ${rankOfSkill} as rank
  from ${wantedWords} cross join colloquy.agent_facets f
  join colloquy.agents a on a.tenant_id = f.tenant_id and a.name = f.agent_name and ${routableAgents}
  join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id and k.skill_id = $4
  where f.tenant_id = $1 and f.facet = 'skill' and f.value = $4
  order by rank desc, a.name limit $5`,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, skillId, limits.routerOffersMax],
  };
}

/**
 * Skills whose input schema an object with these members ($4) may satisfy: the schema requires no other member and defines one of them. The
 * agents come first, by an index over the member names of their skills, truncated as stored. Under the tenant policy PostgreSQL uses no index
 * for keys inside the schemas.
 */
function findTakingOffers(search: OfferSearch, members: readonly string[]): Statement<OfferColumns> {
  return {
    name: 'find-taking-offers',
    text: `
  select ${offerColumns}, ${rankOfSkill} as rank
  from ${wantedWords} cross join (
    select distinct f.agent_name from colloquy.agent_facets f
    where f.tenant_id = $1 and f.facet = 'member' and f.value = any (array(select left(m, 200) from unnest($4::text[]) m))
  ) taking
  join colloquy.agents a on a.tenant_id = $1 and a.name = taking.agent_name collate "default" and ${routableAgents}
  join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  cross join lateral (
    select case jsonb_typeof(k.input_schema -> 'required') when 'array' then k.input_schema -> 'required' else '[]' end as required
  ) asked
  where k.tenant_id = $1 and k.input_schema is not null and k.input_schema -> 'properties' ?| $4::text[]
    and asked.required <@ to_jsonb($4::text[])
  order by jsonb_array_length(asked.required) desc, rank desc, a.name, k.skill_id limit $5`,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, members, limits.routerOffersMax],
  };
}

// The agents first, by the index over their words; then each skill, ranked by its own words and with less weight by its agent's, so that a
// skill without a description is found too.
const findMatchingOffersText = `
  select ${offerColumns}, (${rankOfSkill} + matched.rank * 0.1)::float4 as rank
  from ${wantedWords}
  cross join lateral (
    select m.agent_name, m.rank from colloquy.match_agents($1, wanted.words) m
    where $3::text[] is null or m.agent_name = any ($3)
    order by m.rank desc, m.agent_name limit $4
  ) matched
  join colloquy.agents a on a.tenant_id = $1 and a.name = matched.agent_name and ${routableAgents}
  join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  where wanted.words is not null
  order by rank desc, a.name, k.skill_id limit $4`;

/** The skills whose words, or those of their agents, match a word of the text. */
function findMatchingOffers(search: OfferSearch): Statement<OfferColumns> {
  return {
    name: 'find-matching-offers',
    text: findMatchingOffersText,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, limits.routerOffersMax],
  };
}
